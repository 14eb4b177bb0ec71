using Telemt.Core.Crypto;
using Telemt.Core.Gate;
using Telemt.Core.Wire;

namespace Telemt.Core.Relay;

/// <summary>
/// What a session does from the moment that its DC is connected (PROTOCOL C.5, C.6): the header that opens the DC's connection, and
/// a leg for each direction. In fast mode the two ciphers of the upload are all the state that the session keeps.
/// </summary>
internal sealed class RelayPlan
{
    private RelayPlan(byte[] dcHeader, RelayLeg up, RelayLeg down)
    {
        DcHeader = dcHeader;
        Up = up;
        Down = down;
    }

    /// <summary>64 bytes, to be sent to the DC before anything else.</summary>
    public ReadOnlyMemory<byte> DcHeader { get; }

    /// <summary>Client to DC. Its first input is what the gate left of its buffer.</summary>
    public RelayLeg Up { get; }

    /// <summary>DC to client.</summary>
    public RelayLeg Down { get; }

    /// <param name="client">From the gate. Its ciphers go into the plan, so that it makes one plan only.</param>
    /// <param name="dc">Index for the header: what the client wrote, or what the route made of it.</param>
    /// <param name="fastMode">The DC is to encrypt downloads with the client's own key.</param>
    /// <param name="random">Where the header's seeds come from.</param>
    public static RelayPlan Create(ReadyClient client, short dc, bool fastMode, IRandomSource random)
    {
        var header = new byte[ObfuscatedHeader.Size];
        var wraps = client.Mode == ClientMode.Tls;
        if (fastMode)
        {
            var toDc = ObfuscatedHeader.WriteFast(random, client.DownKey, client.DownIv, client.Tag, dc, header);
            return new RelayPlan(header, UpLeg(client, toDc), wraps ? ForwardLeg.Wrapping : ForwardLeg.Plain);
        }

        var (up, down) = ObfuscatedHeader.WriteOutgoing(random, secret: null, client.Tag, dc, header);
        var toClient = new AesCtr(client.DownKey, client.DownIv);
        return new RelayPlan(header, UpLeg(client, up), new RecryptLeg(down, toClient, wraps));
    }

    private static RelayLeg UpLeg(ReadyClient client, AesCtr toDc)
        => client.Mode == ClientMode.Tls
            ? new UnwrapLeg(client.Records, client.Up, toDc)
            : new RecryptLeg(client.Up, toDc, wrapsRecords: false);
}
