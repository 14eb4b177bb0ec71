namespace Telemt.Worker.Configuration;

/// <summary>What a reload came to.</summary>
internal enum ReloadOutcome
{
    /// <summary>The file is the one in force.</summary>
    Unchanged,

    /// <summary>New settings are in force.</summary>
    Applied,

    /// <summary>The file has errors; the last good settings stay.</summary>
    Refused,
}
