using System.Net;
using Telemt.Core.Middle;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>How a fake middle proxy behaves; by default as a good one does.</summary>
internal sealed record FakeMiddleOptions
{
    /// <summary>Loopback only: nothing else may reach it.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Whose middle proxy it is: negative for media.</summary>
    public short Dc { get; init; } = 2;

    public bool GrantCrc32C { get; init; } = true;

    /// <summary>Answers pings.</summary>
    public bool Pongs { get; init; } = true;

    /// <summary>Names this in place of its secret's own.</summary>
    public uint? KeySelector { get; init; }

    public uint Schema { get; init; } = MiddleNonce.AesSchema;

    /// <summary>How far its clock is off.</summary>
    public int SkewSeconds { get; init; }

    /// <summary>Answers the handshake with this error.</summary>
    public int RefuseWith { get; init; }

    /// <summary>Answers the handshake as if it were somebody else's.</summary>
    public bool WrongProcessId { get; init; }

    /// <summary>The proxy's address as it sees it, when that is not the socket's: behind address translation.</summary>
    public IPAddress? SeenAs { get; init; }
}
