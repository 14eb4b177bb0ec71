namespace Telemt.Core.Settings;

/// <summary>The least important message that is still logged; the numbers are those of the platform's LogLevel.</summary>
internal enum LogThreshold
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
    None,
}
