using System.Net;

namespace Telemt.Core.Settings;

/// <summary>What makes two listeners the same socket; all else about a listener may change while it stays bound.</summary>
/// <param name="Port">0 for a unix socket.</param>
internal readonly record struct ListenerIdentity(IPAddress? Address, int Port, string? UnixPath, string? Interface);
