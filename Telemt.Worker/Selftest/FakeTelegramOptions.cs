using System.Net;

namespace Telemt.Worker.Selftest;

internal sealed record FakeTelegramOptions
{
    /// <summary>Loopback only: nothing else may reach it.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>
    /// Decides by a connection's header what it does; null (for a connection, or altogether) leaves it to the first frame, which is a
    /// <see cref="FakeCommand"/> or MTProto.
    /// </summary>
    public Func<FakeHeader, FakeCommand?>? Choose { get; init; }
}

/// <summary>What a connection's 64-byte header said.</summary>
/// <param name="Dc">As it stands there: negative for media.</param>
/// <param name="Bytes">As they came on the wire.</param>
internal sealed record FakeHeader(Core.Wire.ProtocolTag Tag, short Dc, byte[] Bytes);
