namespace Telemt.Core.Settings;

/// <summary>Where everything unauthenticated goes.</summary>
/// <param name="Host">Host name, address, or path of a unix socket (starts with '/'); null stands for the SNI's own domain.</param>
internal sealed record MaskSettings(bool Enabled, string? Host, int Port);
