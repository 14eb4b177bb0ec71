using System.Text.Json;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Gate;

/// <summary>What independent clients sent, and what independent servers said to it.</summary>
public sealed class ClientGateVectorTests
{
    private static readonly JsonElement Hellos = Vectors.Load("faketls_client_hello");

    internal static IEnumerable<TestCaseData> Accepted() => Named(Hellos.GetProperty("accepted"), "Hello");

    [TestCaseSource(nameof(Accepted))]
    public void Hello_Accepted_IsAnsweredOnce(JsonElement vector)
    {
        var hello = vector.Hex("client_hello");
        var rig = Rig(vector);
        var gate = rig.Gate();

        Assert.That(gate.Step(hello).Action, Is.EqualTo(GateAction.Write));
        Assert.Multiple(() =>
        {
            Assert.That(gate.State, Is.EqualTo(GateState.InnerHeader));
            Assert.That(gate.User!.Name, Is.EqualTo("user0"));
            Assert.That(gate.Mode, Is.EqualTo(ClientMode.Tls));
            Assert.That(gate.IsOurSni, Is.True);
            Assert.That(rig.Gate().Step(hello).Refusal, Is.EqualTo(Refusal.Replay));
        });
    }

    [TestCaseSource(nameof(Accepted))]
    public void Hello_Accepted_WaitsAtEachOffset(JsonElement vector)
    {
        var hello = vector.Hex("client_hello");
        var rig = Rig(vector);
        var whole = rig.Gate();
        for (var length = 1; length < hello.Length; length++)
        {
            var step = whole.Step(hello.AsSpan(0, length));
            Assert.That(step.Action, Is.EqualTo(GateAction.Read), $"{length} bytes");
            Assert.That(step.Needed, Is.InRange(1, hello.Length - length));
        }

        Assert.That(whole.Step(hello).Action, Is.EqualTo(GateAction.Write));
    }

    internal static IEnumerable<TestCaseData> Rejected() => Named(Hellos.GetProperty("rejected"), "Hello");

    [TestCaseSource(nameof(Rejected))]
    public void Hello_RejectedOrNot_AsRecorded(JsonElement vector)
    {
        var secrets = vector.GetProperty("server_secrets").EnumerateArray().Select(s => Convert.FromHexString(s.GetString()!));
        var rig = Rig(vector.GetProperty("server_time").GetInt64(), [.. secrets], "www.example.com");
        var gate = rig.Gate();

        var step = gate.Step(vector.Hex("client_hello"));

        var accepted = vector.GetProperty("expect").GetString() == "accept";
        var stale = vector.GetProperty("reason").GetString()!.StartsWith("timestamp", StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(step.Action, Is.EqualTo(accepted ? GateAction.Write : GateAction.Mask));
            Assert.That(step.Refusal, Is.EqualTo(accepted ? Refusal.None : stale ? Refusal.Stale : Refusal.WrongSecret));
            Assert.That(gate.UserIndex, Is.EqualTo(accepted ? 1 : stale ? 0 : -1));
        });
    }

    internal static IEnumerable<TestCaseData> Fragmented() => Named(Hellos.GetProperty("fragmented").GetProperty("vectors"), "Hello");

    [TestCaseSource(nameof(Fragmented))]
    public void Hello_InSeveralRecords_IsAnsweredAndCountsAsTheSame(JsonElement vector)
    {
        var wire = vector.Hex("wire");
        var rig = Rig(1_700_000_000, [GateRig.Alice], "www.example.com");
        var gate = rig.Gate();
        for (var length = 1; length < wire.Length; length++)
        {
            Assert.That(gate.Step(wire.AsSpan(0, length)).Action, Is.EqualTo(GateAction.Read), $"{length} bytes");
        }

        Assert.That(gate.Step(wire).Action, Is.EqualTo(GateAction.Write));
        var joined = Hellos.GetProperty("accepted")[0].Hex("client_hello");
        Assert.That(rig.Gate().Step(joined).Refusal, Is.EqualTo(Refusal.Replay));
    }

    [Test]
    public void Hello_TimeWindow_IsTheSettingsOwn()
    {
        var hello = Hellos.GetProperty("accepted")[0].Hex("client_hello");
        foreach (var skew in (int[])[600, 120])
        {
            foreach (var vector in Hellos.GetProperty("time_window").EnumerateArray())
            {
                var behind = vector.GetProperty("server_time_minus_client_time").GetInt64();
                var rig = Rig(1_700_000_000 + behind, [GateRig.Alice], "www.example.com", TimeSpan.FromSeconds(skew));
                var expected = Math.Abs(behind) <= skew ? Refusal.None : Refusal.Stale;
                Assert.That(rig.Gate().Step(hello).Refusal, Is.EqualTo(expected), $"{behind} s, ± {skew} s");
                if (skew == 120)
                {
                    Assert.That(expected == Refusal.None ? "accept" : "reject", Is.EqualTo(vector.GetProperty("telemt_rule").GetString()));
                }
            }
        }
    }

    [Test]
    public void Hello_TimeSinceBoot_IsAccepted()
    {
        var vector = Hellos.GetProperty("time_since_boot");
        var rig = Rig(vector.GetProperty("server_time").GetInt64(), [GateRig.Alice], "www.example.com");
        Assert.That(rig.Gate().Step(vector.Hex("client_hello")).Action, Is.EqualTo(GateAction.Write));
    }

    internal static IEnumerable<TestCaseData> Headers()
    {
        var root = Vectors.Load("obfuscated2_client");
        return Named(root.GetProperty("vectors"), "Header")
            .Concat(Named(root.GetProperty("mtcute"), "Header"))
            .Concat(Named(root.GetProperty("tdlib"), "Header"))
            .Concat(Named(Vectors.Load("obfuscated2_mtg_snapshots").GetProperty("vectors"), "Header"));
    }

    [TestCaseSource(nameof(Headers))]
    public void Header_Recorded_IsReadyWithItsTagDcAndCiphers(JsonElement vector)
    {
        var header = vector.Hex("handshake_wire");
        var rig = Rig(1_700_000_000, [GateRig.Bob, vector.Hex("secret")[^16..]], "www.example.com");
        var gate = rig.Gate();
        for (var length = 1; length < 64; length++)
        {
            Assert.That(gate.Step(header.AsSpan(0, length)).Action, Is.EqualTo(GateAction.Read), $"{length} bytes");
        }

        var step = gate.Step([.. header, 1, 2, 3]);

        Assert.That(step.Action, Is.EqualTo(GateAction.Ready));
        var client = step.Client!;
        Assert.Multiple(() =>
        {
            Assert.That(step.Consumed, Is.EqualTo(64));
            Assert.That(client.User.Name, Is.EqualTo("user1"));
            Assert.That(gate.UserIndex, Is.EqualTo(1));
            Assert.That(client.Mode, Is.EqualTo(client.Tag == ProtocolTag.PaddedIntermediate ? ClientMode.Secure : ClientMode.Classic));
            Assert.That(client.Dc, Is.EqualTo(vector.GetProperty(vector.TryGetProperty("dc", out _) ? "dc" : "dc_raw").GetInt16()));
            if (vector.TryGetProperty("protocol_tag", out var tag))
            {
                Assert.That(((byte)client.Tag).ToString("x2"), Is.EqualTo(tag.GetString()![..2]));
            }

            if (vector.TryGetProperty("proxy_to_client_key", out _))
            {
                Assert.That(client.DownKey.ToArray(), Is.EqualTo(vector.Hex("proxy_to_client_key")));
                Assert.That(client.DownIv.ToArray(), Is.EqualTo(vector.Hex("proxy_to_client_iv")));
            }

            Assert.That(rig.Gate().Step(header).Refusal, Is.EqualTo(Refusal.Replay));
        });
        foreach (var (wire, plain) in UpStream(vector))
        {
            client.Up.Transform(wire);
            Assert.That(wire, Is.EqualTo(plain));
        }
    }

    [Test]
    public void Header_Rejected_GoesToTheMask()
    {
        foreach (var vector in Vectors.Load("obfuscated2_client").GetProperty("rejected").EnumerateArray())
        {
            var secrets = vector.GetProperty("server_secrets").EnumerateArray().Select(s => Convert.FromHexString(s.GetString()!));
            var step = Rig(1_700_000_000, [.. secrets], "www.example.com").Gate().Step(vector.Hex("handshake_wire"));
            Assert.That((step.Action, step.Refusal), Is.EqualTo((GateAction.Mask, Refusal.WrongSecret)));
        }
    }

    [Test]
    public void InnerHeader_RecordedClient_IsReadyAtTheSameByteInAnyCut()
    {
        var transcript = Vectors.Load("faketls_server_reply").GetProperty("transcript");
        var wire = transcript.Hex("client_bytes");
        var plain = transcript.Hex("decrypted_client_stream");
        var rig = Rig(1_700_000_000, [transcript.Hex("secret")], transcript.GetProperty("domain").GetString()!);
        var gate = rig.Gate();
        Assert.That(gate.Step(transcript.Hex("client_hello")).Action, Is.EqualTo(GateAction.Write));
        const int used = 6 + 5 + 64;
        for (var length = 0; length < used; length++)
        {
            Assert.That(gate.Step(wire.AsSpan(0, length)).Action, Is.EqualTo(GateAction.Read), $"{length} bytes");
        }

        var step = gate.Step(wire);

        Assert.That(step.Action, Is.EqualTo(GateAction.Ready));
        var client = step.Client!;
        var records = client.Records;
        var rest = wire[step.Consumed..];
        var payload = rest[..records.Unwrap(rest)];
        client.Up.Transform(payload);
        Assert.Multiple(() =>
        {
            Assert.That(step.Consumed, Is.EqualTo(used));
            Assert.That((client.Mode, client.Tag), Is.EqualTo((ClientMode.Tls, ProtocolTag.PaddedIntermediate)));
            Assert.That(client.DownKey.ToArray(), Is.EqualTo(transcript.Hex("server_stream_key")));
            Assert.That(client.DownIv.ToArray(), Is.EqualTo(transcript.Hex("server_stream_iv")));
            Assert.That(Convert.ToHexStringLower(payload), Does.StartWith(Convert.ToHexStringLower(plain.AsSpan(64, 40))));
        });
    }

    private static IEnumerable<(byte[] Wire, byte[] Plain)> UpStream(JsonElement vector)
    {
        var up = vector.GetProperty("client_to_proxy");
        return up.ValueKind == JsonValueKind.Array
            ? up.EnumerateArray().Select(frame => (frame.Hex("wire"), frame.Hex("frame")))
            : [(up.Hex("wire"), up.Hex("plain"))];
    }

    private static GateRig Rig(JsonElement accepted) => Rig(
        accepted.GetProperty("unix_time").GetInt64(),
        [accepted.Hex("secret")],
        accepted.GetProperty("parsed").GetProperty("sni").GetString()!);

    private static GateRig Rig(long now, byte[][] secrets, string domain, TimeSpan? skew = null) => new()
    {
        Users = [.. secrets.Select((secret, i) => GateRig.User($"user{i}", secret))],
        Domains = [domain],
        Clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(now)),
        Replay = new ReplaySettings { TimeSkew = skew ?? TimeSpan.FromSeconds(600) },
    };

    private static IEnumerable<TestCaseData> Named(JsonElement list, string what)
        => list.EnumerateArray().Select(vector => new TestCaseData(vector)
            .SetArgDisplayNames(what + " " + vector.GetProperty("name").GetString()));
}
