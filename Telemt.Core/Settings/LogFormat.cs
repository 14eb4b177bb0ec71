namespace Telemt.Core.Settings;

/// <summary>How a log line looks.</summary>
internal enum LogFormat
{
    /// <summary>With journald's priority prefixes under systemd, else plain.</summary>
    Auto,

    Plain,
    Systemd,
    Json,
}
