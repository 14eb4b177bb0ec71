namespace Telemt.Worker.Sessions;

/// <summary>By which way a session goes to Telegram.</summary>
internal enum SessionRoute : byte
{
    Direct,

    /// <summary>With its ad tag, by a middle proxy.</summary>
    Middle,

    /// <summary>Directly and without its ad tag, because no middle proxy was there.</summary>
    Fallback,
}
