using System.Buffers.Binary;
using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Wire;

internal sealed class ObfuscatedHeaderTests
{
    /// <summary>One recorded client lets a random start of ef pass, which we draw again.</summary>
    public static IEnumerable<TestCaseData> Clients() =>
        Named("obfuscated2_client", "vectors").Where(data => !ObfuscatedHeader.IsForbidden(((JsonElement)data.Arguments[0]!).Hex("random64")));

    public static IEnumerable<TestCaseData> Dcs() =>
        Named("obfuscated2_dc", "vectors").Where(data => !((JsonElement)data.Arguments[0]!).GetProperty("fast_mode").GetBoolean());

    public static IEnumerable<TestCaseData> Fast() => Named("obfuscated2_dc", "fast_mode");

    public static IEnumerable<JsonElement> Nonces() =>
        Vectors.Load("obfuscated2_dc").GetProperty("nonce_rules").GetProperty("vectors").EnumerateArray();

    [TestCaseSource(nameof(Clients))]
    public void WriteOutgoing_RecordedClient_SameHeaderAndStreams(JsonElement vector)
    {
        var header = new byte[ObfuscatedHeader.Size];
        var (up, down) = ObfuscatedHeader.WriteOutgoing(
            new RecordedRandom(vector.Hex("random64")), new Secret(vector.Hex("secret")), Tag(vector), vector.GetProperty("dc").GetInt16(), header);

        Assert.That(header, Is.EqualTo(vector.Hex("handshake_wire")));
        foreach (var sent in vector.GetProperty("client_to_proxy").EnumerateArray())
        {
            Assert.That(Transform(up, sent.Hex("frame")), Is.EqualTo(sent.Hex("wire")));
        }

        foreach (var received in vector.GetProperty("proxy_to_client").EnumerateArray())
        {
            Assert.That(Transform(down, received.Hex("wire")), Is.EqualTo(received.Hex("frame")));
        }
    }

    [TestCaseSource(nameof(Dcs))]
    public void WriteOutgoing_RecordedDcHeader_SameHeaderAndStreams(JsonElement vector)
    {
        var wire = vector.Hex("handshake_wire");
        var plainEnd = vector.Hex("handshake_plain_56_64");
        var dc = BinaryPrimitives.ReadInt16LittleEndian(plainEnd.AsSpan(4));
        var header = new byte[ObfuscatedHeader.Size];
        var (up, down) = ObfuscatedHeader.WriteOutgoing(new RecordedRandom([.. wire[..56], .. plainEnd]), null, Tag(vector), dc, header);

        Assert.That(header, Is.EqualTo(wire));
        Assert.That(Transform(up, vector.GetProperty("proxy_to_dc").Hex("plain")), Is.EqualTo(vector.GetProperty("proxy_to_dc").Hex("wire")));
        Assert.That(Transform(down, vector.GetProperty("dc_to_proxy").Hex("wire")), Is.EqualTo(vector.GetProperty("dc_to_proxy").Hex("plain")));
    }

    [TestCaseSource(nameof(Fast))]
    public void WriteFast_RecordedClientKeys_SameHeaderAndStream(JsonElement vector)
    {
        var wire = vector.Hex("dc_handshake_wire");
        var plainEnd = vector.Hex("dc_handshake_plain_56_64");
        var header = new byte[ObfuscatedHeader.Size];
        var up = ObfuscatedHeader.WriteFast(
            new RecordedRandom(wire[..8], plainEnd),
            vector.Hex("client_enc_key"),
            vector.Hex("client_enc_iv"),
            Tag(vector),
            BinaryPrimitives.ReadInt16LittleEndian(plainEnd.AsSpan(4)),
            header);

        Assert.That(header, Is.EqualTo(wire));
        var sent = vector.GetProperty("client_to_dc");
        Assert.That(Transform(up, sent.Hex("frame")), Is.EqualTo(sent.Hex("wire_to_dc")));

        // The DC takes its sending keys from the header: they are the client's own.
        var (key, iv) = (new byte[32], new byte[16]);
        HandshakeKeys.ServerToClient(header, null, key, iv);
        var received = vector.GetProperty("dc_to_client");
        Assert.That(Transform(new AesCtr(key, iv), received.Hex("frame")), Is.EqualTo(received.Hex("wire_unchanged")));
    }

    [TestCaseSource(nameof(Nonces))]
    public void IsForbidden_RecordedNonces_AsClientsDecide(JsonElement vector) =>
        Assert.That(ObfuscatedHeader.IsForbidden(vector.Hex("random64")), Is.EqualTo(vector.GetProperty("must_regenerate").GetBoolean()));

    [Test]
    public void WriteOutgoing_ForbiddenDraws_DrawsAgain()
    {
        var forbidden = Nonces().Where(nonce => nonce.GetProperty("must_regenerate").GetBoolean()).Select(nonce => nonce.Hex("random64"));
        var good = Enumerable.Repeat((byte)0x11, 64).ToArray();
        var random = new RecordedRandom([.. forbidden, good]);
        var header = new byte[ObfuscatedHeader.Size];

        _ = ObfuscatedHeader.WriteOutgoing(random, null, ProtocolTag.Abridged, 2, header);

        Assert.That(header[..56], Is.EqualTo(good[..56]));
        Assert.That(random.Left, Is.Zero);
    }

    [Test]
    public void WriteFast_ForbiddenDraws_DrawsTheStartAgain()
    {
        var random = new RecordedRandom([0xef, 1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8], new byte[8]);
        var header = new byte[ObfuscatedHeader.Size];

        _ = ObfuscatedHeader.WriteFast(random, new byte[32], new byte[16], ProtocolTag.Abridged, 2, header);

        Assert.That(header[..8], Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
        Assert.That(random.Left, Is.Zero);
    }

    [Test]
    public void TryReadPlain_OfWhatWasWritten_GivesTagAndDc([Values] ProtocolTag tag, [Values(2, -4, 203, 10002, -10003)] short dc, [Values] bool withSecret)
    {
        var secret = withSecret ? new Secret(new byte[16]) : null;
        var header = new byte[ObfuscatedHeader.Size];
        _ = ObfuscatedHeader.WriteOutgoing(new SeededRandom(dc), secret, tag, dc, header);
        var (key, iv) = (new byte[32], new byte[16]);
        HandshakeKeys.ClientToServer(header, secret, key, iv);
        new AesCtr(key, iv).Transform(header);

        Assert.That(ObfuscatedHeader.TryReadPlain(header, out var readTag, out var readDc));
        Assert.That((readTag, readDc), Is.EqualTo((tag, dc)));
        header[58] ^= 1;
        Assert.That(ObfuscatedHeader.TryReadPlain(header, out _, out _), Is.False);
    }

    internal static ProtocolTag Tag(JsonElement vector) => vector.GetProperty("framing").GetString() switch
    {
        "abridged" => ProtocolTag.Abridged,
        "intermediate" => ProtocolTag.Intermediate,
        _ => ProtocolTag.PaddedIntermediate,
    };

    private static IEnumerable<TestCaseData> Named(string file, string list) =>
        Vectors.Load(file).GetProperty(list).EnumerateArray()
            .Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.GetProperty("name").GetString()!));

    private static byte[] Transform(AesCtr cipher, byte[] bytes)
    {
        var result = bytes.ToArray();
        cipher.Transform(result);
        return result;
    }
}
