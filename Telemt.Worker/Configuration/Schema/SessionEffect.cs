namespace Telemt.Worker.Configuration.Schema;

/// <summary>What an edit of a key does to sessions.</summary>
internal enum SessionEffect
{
    /// <summary>Nothing: it concerns none of them.</summary>
    None,

    /// <summary>New connections only.</summary>
    New,

    /// <summary>Running sessions too.</summary>
    Now,

    /// <summary>The sessions that it concerns end.</summary>
    Cut,

    /// <summary>Sessions that came by what is gone stay.</summary>
    Stay,

    /// <summary>Sessions that go by what is gone may end by themselves.</summary>
    Drain,
}
