using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <param name="Socket">Connected, or null.</param>
/// <param name="Error">What each attempt met, for the log; null when connected.</param>
internal readonly record struct DialResult(LoopSocket? Socket, string? Error);
