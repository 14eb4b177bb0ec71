using System.Net;
using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Core.Middle;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest.Middle;

namespace Telemt.Tests.Core.Middle;

internal sealed class MiddleHandshakeTests
{
    private static readonly MiddleSecret Secret = MiddleVectors.Secret(MiddleVectors.SecretBytes);
    private static readonly MiddleEnds Ends = new(IPEndPoint.Parse("192.0.2.1:4000"), IPEndPoint.Parse("192.0.2.2:8888"));
    private static readonly MiddleEnds EndsV6 = new(IPEndPoint.Parse("[2001:db8::1]:4000"), IPEndPoint.Parse("[2001:db8::2]:8888"));

    private readonly ManualTimeProvider _clock = new();

    /// <summary>What <see cref="Run"/> left unread.</summary>
    private byte[] _left = [];

    [TestCaseSource(typeof(MiddleVectors), nameof(MiddleVectors.Sessions))]
    public void Handshake_SessionOfTheOfficialServer_SameNonceFrameAndSameKeys(JsonElement session)
    {
        var clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(session.GetProperty("client_timestamp").GetInt64()));
        var ends = new MiddleEnds(
            new IPEndPoint(IPAddress.Loopback, session.GetProperty("proxy_port").GetInt32()),
            new IPEndPoint(IPAddress.Loopback, session.GetProperty("middle_port").GetInt32()));
        var handshake = new MiddleHandshake(
            MiddleVectors.Secret(session.Hex("proxy_secret")), ends, clock, new RecordedRandom(session.Hex("client_nonce"), [1, 2]));
        Assert.That(handshake.Output.ToArray(), Is.EqualTo(session.Hex("nonce_frame_from_proxy")));

        Assert.That(handshake.Step(session.Hex("nonce_frame_from_middle")), Is.EqualTo(MiddleStep.Write));
        var ours = handshake.Output.ToArray();
        new AesCbcDecryptor(session.Hex("proxy_to_middle_key"), session.Hex("proxy_to_middle_iv")).Transform(ours);
        var recorded = MiddleVectors.Events(session, "proxy->middle").First().Hex("plain");
        Assert.That(ours.AsSpan(0, 16).ToArray(), Is.EqualTo(recorded.AsSpan(0, 16).ToArray()), "frame, type and flags");
        Assert.That(ours.AsSpan(28, 12).ToArray(), Is.EqualTo(recorded.AsSpan(28, 12).ToArray()), "the middle proxy's id");

        // Its answer is decrypted and checked; it answers the process of the recording, which we are not.
        Assert.That(handshake.Step(MiddleVectors.Events(session, "middle->proxy").First().Hex("cipher")), Is.EqualTo(MiddleStep.Broken));
        Assert.That(handshake.Fault, Is.EqualTo(MiddleFault.ProcessId));
    }

    [Test]
    public void Handshake_WithAPeer_BothSpeak([Values] bool ipv6, [Values] bool crc32C, [Values(1, 7, 1000)] int piece)
    {
        var (handshake, peer) = Pair(new FakeMiddleOptions { GrantCrc32C = crc32C }, ipv6 ? EndsV6 : Ends);

        Assert.That(Run(handshake, peer, piece), Is.EqualTo(MiddleStep.Ready));
        Assert.That(handshake.Writer.Crc32C, Is.EqualTo(crc32C));
        Assert.That(peer.IsReady, Is.True);

        var frame = new byte[RpcWriter.SizeOf(12)];
        RpcMessage.WriteShort(RpcType.Ping, 77, frame.AsSpan(RpcFrame.HeaderSize));
        handshake.Writer.Seal(frame, 12);
        var got = new List<byte[]>();
        peer.Receive(frame, body => got.Add(body.ToArray()));
        Assert.That(got.Single(), Is.EqualTo((byte[])[0xdf, 0xa2, 0x30, 0x57, 77, 0, 0, 0, 0, 0, 0, 0]));

        // Behind the handshake's frame stands a word of padding.
        peer.SendShort(RpcType.Pong, 77);
        byte[] held = [.. _left, .. peer.Output.ToArray()];
        Assert.That(handshake.Reader.Next(held), Is.EqualTo(RpcStep.Frame));
        Assert.That(RpcMessage.TryRead(held[handshake.Reader.Body], out var message), Is.True);
        Assert.That((message.Kind, message.Id), Is.EqualTo((RpcKind.Pong, 77L)));
    }

    public static IEnumerable<TestCaseData> Flaws()
    {
        yield return new TestCaseData(new FakeMiddleOptions { KeySelector = 1 }, MiddleFault.KeySelector).SetArgDisplayNames("key selector");
        yield return new TestCaseData(new FakeMiddleOptions { Schema = 3 }, MiddleFault.CryptoSchema).SetArgDisplayNames("schema");
        yield return new TestCaseData(new FakeMiddleOptions { SkewSeconds = 31 }, MiddleFault.ClockSkew).SetArgDisplayNames("31 s ahead");
        yield return new TestCaseData(new FakeMiddleOptions { SkewSeconds = -31 }, MiddleFault.ClockSkew).SetArgDisplayNames("31 s behind");
        yield return new TestCaseData(new FakeMiddleOptions { SkewSeconds = 30 }, MiddleFault.None).SetArgDisplayNames("30 s ahead");
        yield return new TestCaseData(new FakeMiddleOptions { RefuseWith = -7 }, MiddleFault.HandshakeRefused).SetArgDisplayNames("refused");
        yield return new TestCaseData(new FakeMiddleOptions { WrongProcessId = true }, MiddleFault.ProcessId).SetArgDisplayNames("process id");
    }

    [TestCaseSource(nameof(Flaws))]
    public void Handshake_PeerWithAFlaw_NamedFault(FakeMiddleOptions options, MiddleFault fault)
    {
        var (handshake, peer) = Pair(options, Ends);

        Assert.That(Run(handshake, peer, 1000), Is.EqualTo(fault == MiddleFault.None ? MiddleStep.Ready : MiddleStep.Broken));
        Assert.That(handshake.Fault, Is.EqualTo(fault));
        Assert.That(handshake.RefusedWith, Is.EqualTo(options.RefuseWith));
        Assert.That(handshake.SkewSeconds, Is.EqualTo(options.SkewSeconds));
    }

    [Test]
    public void Handshake_OtherAddressThanThePeerSees_ThePeerCannotReadIt()
    {
        var (handshake, peer) = Pair(new FakeMiddleOptions(), Ends);
        peer.Ends = new MiddleEnds(IPEndPoint.Parse("198.51.100.1:4000"), Ends.Middle);

        Assert.That(() => Run(handshake, peer, 1000), Throws.TypeOf<InvalidDataException>());
        Assert.That(handshake.KeysInUse, Is.True);
    }

    [Test]
    public void Handshake_EveryBitOfTheAnswersTurned_NeverReadyAndNeverThrows()
    {
        // 44 bytes of nonce frame: its time may move within the 30 seconds only with the checksum, which covers it.
        for (var bit = 0; bit < (44 + 48) * 8; bit++)
        {
            var (handshake, peer) = Pair(new FakeMiddleOptions(), Ends);
            var turned = bit;
            var step = Run(handshake, peer, 1000, wire =>
            {
                if (turned >= 0 && turned < wire.Length * 8)
                {
                    wire[turned / 8] ^= (byte)(1 << (turned % 8));
                }

                turned -= wire.Length * 8;
            });

            // Whole words of padding behind the frame are not under its checksum, but a frame must not be read out of them.
            Assert.That(step, Is.Not.EqualTo(MiddleStep.Ready).Or.EqualTo(MiddleStep.Ready).And.Matches<MiddleStep>(_ => bit >= (44 + 32) * 8), $"bit {bit}");
        }
    }

    [Test]
    public void Handshake_Noise_NeverReadyAndNeverThrows()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var handshake = new MiddleHandshake(Secret, Ends, _clock, new SeededRandom(1));
            var noise = new byte[200];
            new SeededRandom(seed).Fill(noise);
            BitConverter.TryWriteBytes(noise, 44);
            BitConverter.TryWriteBytes(noise.AsSpan(4), -2);

            Assert.That(handshake.Step(noise), Is.EqualTo(MiddleStep.Broken));
        }
    }

    private (MiddleHandshake Handshake, FakeMiddlePeer Peer) Pair(FakeMiddleOptions options, MiddleEnds ends) => (
        new MiddleHandshake(Secret, ends, _clock, new SeededRandom(1)),
        new FakeMiddlePeer(Secret, options, _clock, new SeededRandom(2)) { Ends = ends });

    private MiddleStep Run(MiddleHandshake handshake, FakeMiddlePeer peer, int piece, Action<byte[]>? damage = null)
    {
        var held = Array.Empty<byte>();
        peer.Receive(handshake.Output.Span, _ => Assert.Fail("a message before the handshake"));
        while (true)
        {
            var wire = peer.Output.ToArray();
            peer.Sent();
            damage?.Invoke(wire);
            if (wire.Length == 0)
            {
                return MiddleStep.Read;
            }

            foreach (var part in wire.Chunk(piece))
            {
                held = [.. held, .. part];
                var step = handshake.Step(held);
                held = held[handshake.Consumed..];
                if (step == MiddleStep.Write)
                {
                    peer.Receive(handshake.Output.Span, _ => Assert.Fail("a message before the handshake"));
                }
                else if (step != MiddleStep.Read)
                {
                    _left = held;
                    return step;
                }
            }
        }
    }
}
