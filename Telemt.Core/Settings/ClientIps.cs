namespace Telemt.Core.Settings;

/// <summary>What of a client's address may stand in a log.</summary>
internal enum ClientIps
{
    Full,
    Prefix,
    None,
}
