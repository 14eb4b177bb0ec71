using Telemt.Core.Wire;

namespace Telemt.Core.Client;

/// <summary>
/// The client's side of a proxy's handshakes, sans I/O (PROTOCOL C.1, D): what ping, the health probes, the tests and the bench share.
/// Send <see cref="Hello"/>; give <see cref="Receive"/> all that comes until it has ended the handshake; then use
/// <see cref="Stream"/>. Without fake TLS there is nothing to wait for: the header goes with the first payload.
/// </summary>
internal sealed class ProxyClient
{
    private readonly Secret? _tlsKey;

    /// <param name="secret">The user's; null speaks to a DC directly.</param>
    /// <param name="tag">Clients use padded intermediate with dd and ee secrets.</param>
    /// <param name="dc">As the header names it: PROTOCOL C.2.</param>
    public ProxyClient(
        ClientSecret? secret,
        ProtocolTag tag,
        short dc,
        IRandomSource random,
        TimeProvider clock,
        HelloStyle style = HelloStyle.Modern)
    {
        var tls = secret?.Mode == ClientMode.Tls;
        if (tls)
        {
            _tlsKey = secret!.Key;
            Hello = ClientHelloWriter.Write(_tlsKey, secret.Domain, (uint)clock.GetUtcNow().ToUnixTimeSeconds(), random, style);
        }

        var header = new byte[ObfuscatedHeader.Size];
        var (up, down) = ObfuscatedHeader.WriteOutgoing(random, secret?.Key, tag, dc, header);
        Framing = Framing.For(tag);
        Stream = new ClientStream(up, down, header, tls);
        Status = tls ? ServerFlightStatus.Read : ServerFlightStatus.Accepted;
    }

    /// <summary>What opens the connection: a ClientHello, or nothing outside fake TLS.</summary>
    public byte[] Hello { get; } = [];

    public Framing Framing { get; }

    /// <summary>Where the handshake stands; accepted from the start outside fake TLS.</summary>
    public ServerFlightStatus Status { get; private set; }

    /// <summary>Valid once <see cref="Status"/> is Accepted.</summary>
    public ClientStream Stream { get; }

    /// <param name="received">Everything since the hello was sent, until the handshake is over.</param>
    /// <param name="used">Bytes of it that belong to the handshake; the rest is for <see cref="ClientStream.Open"/>.</param>
    public ServerFlightStatus Receive(ReadOnlySpan<byte> received, out int used)
    {
        used = 0;
        if (Status == ServerFlightStatus.Read)
        {
            var random = Hello.AsSpan(ClientHelloWriter.RandomOffset, ClientHelloWriter.RandomSize);
            Status = ServerFlight.Read(received, _tlsKey!, random, out used);
        }

        return Status;
    }
}
