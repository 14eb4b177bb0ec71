using Telemt.Core.Settings;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>The limits of the process, worked out once per edit.</summary>
/// <param name="Connections">All sessions.</param>
/// <param name="Handshakes">Strangers among them.</param>
/// <param name="Memory">Bytes that one loop's relays may hold for full sinks: its share.</param>
/// <param name="DescriptorCeiling">Of the process: sockets get descriptors below it.</param>
internal sealed record SessionLimits(int Connections, int Handshakes, long Memory, int DescriptorCeiling)
{
    /// <summary>Descriptors that stay free for the runtime, which opens a file for each piece of code that it loads.</summary>
    public const int KeptFree = 32;

    /// <summary>Descriptors that listeners, loops, logs and the runtime need.</summary>
    private const int ReservedDescriptors = 150;

    private const int DescriptorsPerSession = 2;
    private const double HandshakeShare = 0.3;
    private const double CrowdedShare = 0.8;
    private const long LeastMemory = 16L * 1024 * 1024;
    private const long MostMemory = 1024L * 1024 * 1024;
    private const int MemoryShare = 8;

    /// <summary>From here on silent strangers get less time.</summary>
    public int CrowdedHandshakes { get; } = Math.Max(1, (int)(Handshakes * CrowdedShare));

    public static SessionLimits For(LimitSettings limits, int loops, long descriptors, long hostMemory)
    {
        var possible = (int)Math.Clamp((descriptors - ReservedDescriptors) / DescriptorsPerSession, 16, 10_000_000);
        var connections = limits.MaxConnections > 0 ? Math.Min(limits.MaxConnections, possible) : possible;
        var handshakes = limits.MaxHandshakes > 0 ? limits.MaxHandshakes : Math.Max(1, (int)(connections * HandshakeShare));
        var memory = limits.Memory ?? Math.Clamp(hostMemory / MemoryShare, LeastMemory, MostMemory);
        return new SessionLimits(
            connections,
            handshakes,
            Math.Max(BufferPool.ScratchSize, memory / loops),
            (int)Math.Min(int.MaxValue, descriptors - KeptFree));
    }
}
