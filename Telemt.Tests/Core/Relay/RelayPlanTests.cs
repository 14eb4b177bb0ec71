using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Core.Gate;
using Telemt.Core.Relay;
using Telemt.Core.Wire;
using Telemt.Tests.Core.Gate;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Relay;

public sealed class RelayPlanTests
{
    private static readonly JsonElement Dc = Vectors.Load("obfuscated2_dc");

    internal static IEnumerable<TestCaseData> FastMode() => Named(Dc.GetProperty("fast_mode"));

    /// <summary>A client and a DC of other implementations, with our plan between them instead of theirs.</summary>
    [TestCaseSource(nameof(FastMode))]
    public void FastMode_Recorded_IsTheSameHeaderAndTheSameStreams(JsonElement vector)
    {
        var client = Client(vector.Hex("client_handshake_wire"), vector.Hex("secret"));
        var recorded = vector.Hex("dc_handshake_wire");
        var tail = vector.Hex("dc_handshake_plain_56_64");
        var random = new RecordedRandom(recorded[..8], tail);

        var plan = RelayPlan.Create(client, BitConverter.ToInt16(tail, 4), fastMode: true, random);

        var up = vector.GetProperty("client_to_dc").Hex("wire_from_client");
        var down = vector.GetProperty("dc_to_client").Hex("wire_unchanged");
        Assert.Multiple(() =>
        {
            Assert.That(plan.DcHeader.ToArray(), Is.EqualTo(recorded));
            Assert.That(plan.Up.Transform(up), Is.EqualTo(up.Length));
            Assert.That(up, Is.EqualTo(vector.GetProperty("client_to_dc").Hex("wire_to_dc")));
            Assert.That(plan.Down, Is.SameAs(ForwardLeg.Plain));
            Assert.That(plan.Down.Transform(down), Is.EqualTo(down.Length));
            Assert.That(down, Is.EqualTo(vector.GetProperty("dc_to_client").Hex("wire_unchanged")));
        });
    }

    internal static IEnumerable<TestCaseData> Clients()
        => Named(Vectors.Load("obfuscated2_client").GetProperty("vectors"))
            .Concat(Named(Vectors.Load("obfuscated2_client").GetProperty("tdlib")))
            .Concat(Named(Vectors.Load("obfuscated2_client").GetProperty("mtcute")));

    /// <summary>Recorded frames of a client reach a DC that knows only our header, and its frames come back as recorded.</summary>
    [TestCaseSource(nameof(Clients))]
    public void Recrypt_RecordedClient_ReachesTheDcAndBack(JsonElement vector)
    {
        foreach (var fastMode in (bool[])[false, true])
        {
            var client = Client(vector.Hex("handshake_wire"), vector.Hex("secret")[^16..]);
            var plan = RelayPlan.Create(client, client.Dc, fastMode, new SeededRandom(1));
            var (dc, tag, index) = Accept(plan.DcHeader.Span);

            Assert.That((tag, index), Is.EqualTo((client.Tag, client.Dc)));
            foreach (var frame in vector.GetProperty("client_to_proxy").EnumerateArray())
            {
                var chunk = frame.Hex("wire");
                Assert.That(plan.Up.Transform(chunk), Is.EqualTo(chunk.Length));
                dc.Receive.Transform(chunk);
                Assert.That(chunk, Is.EqualTo(frame.Hex("frame")));
            }

            if (vector.TryGetProperty("proxy_to_client", out var down))
            {
                foreach (var frame in down.EnumerateArray())
                {
                    var chunk = frame.Hex("frame");
                    dc.Send.Transform(chunk);
                    Assert.That(plan.Down.Transform(chunk), Is.EqualTo(chunk.Length));
                    Assert.That(chunk, Is.EqualTo(frame.Hex("wire")));
                }
            }
        }
    }

    /// <summary>Towards a DC we write what the recorded proxies write, given their random bytes.</summary>
    [Test]
    public void Recrypt_RecordedProxies_WriteTheSameHeaderAndStreams()
    {
        foreach (var vector in Dc.GetProperty("vectors").EnumerateArray())
        {
            var recorded = vector.Hex("handshake_wire");
            var tail = vector.Hex("handshake_plain_56_64");
            var header = TestHeader.Make(GateRig.Alice, tail[0]);
            var client = Client(header.Wire, GateRig.Alice);

            var plan = RelayPlan.Create(
                client, BitConverter.ToInt16(tail, 4), fastMode: false, new RecordedRandom([.. recorded[..56], .. tail]));

            var up = vector.GetProperty("proxy_to_dc").Hex("plain");
            header.Up.Transform(up);
            plan.Up.Transform(up);
            var down = vector.GetProperty("dc_to_proxy").Hex("wire");
            plan.Down.Transform(down);
            header.Down.Transform(down);
            Assert.Multiple(() =>
            {
                Assert.That(plan.DcHeader.ToArray(), Is.EqualTo(recorded));
                Assert.That(up, Is.EqualTo(vector.GetProperty("proxy_to_dc").Hex("wire")));
                Assert.That(down, Is.EqualTo(vector.GetProperty("dc_to_proxy").Hex("plain")));
            });
        }
    }

    /// <summary>The whole recorded session of a fake-TLS client, through the gate and the plan, cut anywhere.</summary>
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    [TestCase(100_000)]
    public void Tls_RecordedSession_ReachesTheDcAndBack(int size)
    {
        var transcript = Vectors.Load("faketls_server_reply").GetProperty("transcript");
        foreach (var fastMode in (bool[])[false, true])
        {
            var rig = new GateRig { Users = [GateRig.User("alice", transcript.Hex("secret"))] };
            var gate = rig.Gate();
            gate.Step(transcript.Hex("client_hello"));
            var wire = transcript.Hex("client_bytes");
            var ready = gate.Step(wire.AsSpan(0, 6 + 5 + 64));
            var plan = RelayPlan.Create(ready.Client!, ready.Client!.Dc, fastMode, rig.Context.Random);
            var (dc, _, _) = Accept(plan.DcHeader.Span);

            var plain = new List<byte>();
            foreach (var chunk in wire[ready.Consumed..].Chunk(size))
            {
                var length = plan.Up.Transform(chunk);
                dc.Receive.Transform(chunk.AsSpan(0, length));
                plain.AddRange(chunk[..length]);
            }

            var frame = transcript.Hex("server_frame");
            dc.Send.Transform(frame);
            var sent = plan.Down.Transform(frame);
            var records = transcript.Hex("server_bytes");
            var payload = records[..Unwrap(records)];
            var expected = wire[..];
            expected = expected[..Unwrap(expected)];
            new AesCtr(transcript.Hex("client_stream_key"), transcript.Hex("client_stream_iv")).Transform(expected);
            Assert.Multiple(() =>
            {
                // The recorded text is the first 108 bytes of the stream, header included; records and keys give the rest.
                Assert.That(expected[..108], Is.EqualTo(transcript.Hex("decrypted_client_stream")));
                Assert.That(plain, Is.EqualTo(expected[64..]));
                Assert.That(plain, Has.Count.EqualTo(115 + 2878 + 2878 + 2251 + 83 - 64));
                Assert.That(plan.Down.WrapsRecords, Is.True);
                Assert.That(frame[..sent], Is.EqualTo(payload[..sent]));
            });
        }
    }

    [Test]
    public void Tls_Alert_EndsTheUploadBehindWhatCameBefore()
    {
        var leg = TlsLeg();
        byte[] chunk = [0x17, 3, 3, 0, 2, 1, 2, 0x15, 3, 3, 0, 2, 1, 0];
        Assert.That((leg.Transform(chunk), leg.HasEnded), Is.EqualTo((2, true)));
        Assert.That(leg.Transform([0x17, 3, 3, 0, 1, 1]), Is.EqualTo(RelayLeg.Ended));
    }

    [Test]
    public void Tls_ProtocolError_EndsTheUpload()
    {
        var leg = TlsLeg();
        Assert.That((leg.Transform([0x17, 3]), leg.HasEnded), Is.EqualTo((0, false)));
        Assert.That((leg.Transform([1]), leg.HasEnded), Is.EqualTo((RelayLeg.Ended, true)));
    }

    [Test]
    public void Transform_AnyLeg_AllocatesNothing()
    {
        var header = TestHeader.Make(GateRig.Alice, 0xdd).Wire;
        var plan = RelayPlan.Create(Client(header, GateRig.Alice), 2, fastMode: false, new SeededRandom(1));
        foreach (var leg in (RelayLeg[])[plan.Up, plan.Down, ForwardLeg.Plain, TlsLeg()])
        {
            var chunk = new byte[16_384];
            chunk.AsSpan().Fill(0x17);
            byte[] records = [0x17, 3, 3, 0, 10];
            records.CopyTo(chunk, 0);
            leg.Transform(chunk.AsSpan(0, 15));
            records.CopyTo(chunk, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            leg.Transform(chunk.AsSpan(0, 15));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, leg.GetType().Name);
        }
    }

    private static int Unwrap(byte[] records)
    {
        var reader = default(TlsRecordReader);
        return reader.Unwrap(records);
    }

    private static RelayLeg TlsLeg()
    {
        var rig = new GateRig();
        var step = rig.Answered().Step(GateRig.InnerFlight(TestHeader.Make(GateRig.Alice, 0xdd).Wire, 0));
        return RelayPlan.Create(step.Client!, 2, fastMode: true, rig.Context.Random).Up;
    }

    private static ReadyClient Client(byte[] header, byte[] secret)
    {
        var step = new GateRig { Users = [GateRig.User("alice", secret)] }.Gate().Step(header);
        Assert.That(step.Action, Is.EqualTo(GateAction.Ready));
        return step.Client!;
    }

    /// <summary>What a DC makes of a header (PROTOCOL C.5): no secret, its directions the other way round.</summary>
    private static ((AesCtr Receive, AesCtr Send) Dc, ProtocolTag Tag, short Index) Accept(ReadOnlySpan<byte> header)
    {
        var reversed = header[8..56].ToArray();
        Array.Reverse(reversed);
        var receive = new AesCtr(header[8..40], header[40..56]);
        var plain = header.ToArray();
        receive.Transform(plain);
        Assert.That(ObfuscatedHeader.TryReadPlain(plain, out var tag, out var index), Is.True);
        return ((receive, new AesCtr(reversed.AsSpan(0, 32), reversed.AsSpan(32))), tag, index);
    }

    private static IEnumerable<TestCaseData> Named(JsonElement list)
        => list.EnumerateArray().Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.GetProperty("name").GetString()!));
}
