using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using static Telemt.Tests.Core.Gate.GateRig;

namespace Telemt.Tests.Core.Gate;

/// <summary>Every state with every kind of input. The two states that no input meets are in the graph of GateStatesTests.</summary>
public sealed class ClientGateTableTests
{
    private static readonly ModeSettings All = new(Classic: true, Secure: true, Tls: true);
    private static readonly ModeSettings OnlyTls = new(Classic: false, Secure: false, Tls: true);
    private static readonly ModeSettings OnlyClassic = new(Classic: true, Secure: false, Tls: false);
    private static readonly ModeSettings OnlySecure = new(Classic: false, Secure: true, Tls: false);
    private static readonly ModeSettings NoTls = new(Classic: true, Secure: true, Tls: false);
    private static readonly ModeSettings NoSecure = new(Classic: true, Secure: false, Tls: true);
    private static readonly ModeSettings NoClassic = new(Classic: false, Secure: true, Tls: true);
    private static readonly ModeSettings None = new(Classic: false, Secure: false, Tls: false);

    private static readonly byte[] Classic = TestHeader.Make(Alice, 0xef).Wire;
    private static readonly byte[] Intermediate = TestHeader.Make(Alice, 0xee).Wire;
    private static readonly byte[] Secure = TestHeader.Make(Alice, 0xdd).Wire;
    private static readonly byte[] BobsSecure = TestHeader.Make(Bob, 0xdd).Wire;
    private static readonly byte[] Strange = TestHeader.Make(new byte[16], 0xdd).Wire;

    internal static IEnumerable<TestCaseData> FirstPhase()
    {
        // Start: undecided
        yield return Read(All, "nothing", [], GateState.Start, 1, urgent: false);
        yield return Read(All, "one byte of a hello", [0x16], GateState.Start, 3);
        yield return Read(All, "two bytes of a hello", [0x16, 3], GateState.Start, 2);
        yield return Read(All, "three bytes of a hello", [0x16, 3, 1], GateState.Start, 1);
        yield return Read(OnlyTls, "one byte of a hello", [0x16], GateState.TlsHello, 4);
        yield return Read(All, "one letter of a verb", "P"u8, GateState.Start, 3);
        yield return Read(All, "three letters of a verb", "HEA"u8, GateState.Start, 1);
        yield return Read(OnlySecure, "three letters of a verb", "HEA"u8, GateState.Start, 1);
        yield return Read(All, "one byte of a header", [0x41], GateState.Header64, 63);
        yield return Read(NoTls, "three bytes of a hello", [0x16, 3, 1], GateState.Start, 1);
        yield return Read(NoTls, "four bytes like a hello", [0x16, 3, 1, 7], GateState.Header64, 60);

        // Start: decided at once
        foreach (var verb in (string[])["GET / HTTP/1.1\r\n", "POST", "HEAD /", "OPTIONS * HTTP/1.1\r\n"])
        {
            var bytes = System.Text.Encoding.ASCII.GetBytes(verb);
            yield return Mask(All, verb.Trim(), bytes, Refusal.Http);
            yield return Mask(OnlyTls, verb.Trim(), bytes, Refusal.Http);
            yield return Mask(None, verb.Trim(), bytes, Refusal.Http);
        }

        yield return Mask(OnlyTls, "one letter of a verb", "G"u8, Refusal.NotTls);
        yield return Mask(OnlyTls, "SSH", "SSH-2.0-OpenSSH_9.6\r\n"u8, Refusal.NotTls);
        yield return Mask(OnlyTls, "an alert", [0x15, 3, 1], Refusal.NotTls);
        yield return Mask(OnlyTls, "SSL 3.0", [0x16, 3, 0], Refusal.NotTls);
        yield return Mask(OnlyTls, "a hello of record version 1.2", [0x16, 3, 3], Refusal.NotTls);
        yield return Mask(OnlyTls, "a good header", Secure, Refusal.NotTls);
        yield return Mask(None, "one byte", [0x41], Refusal.NotTls);
        yield return Mask(None, "one byte of a hello", [0x16], Refusal.ModeOff);
        yield return Mask(None, "a good header", Classic, Refusal.NotTls);
        yield return Mask(NoTls, "the start that no header has", [0x16, 3, 1, 2], Refusal.ModeOff);

        // TlsHello
        var hello = Hello();
        yield return Read(All, "a hello's header", hello.AsSpan(0, 5), GateState.TlsHello, hello.Length - 5);
        yield return Read(All, "a hello but its last byte", hello.AsSpan(0, hello.Length - 1), GateState.TlsHello, 1);
        yield return Read(All, "a hello's first record", TestHello.Cut(hello, 200).AsSpan(0, 205), GateState.TlsHello, 5);
        yield return Write(All, "a good hello", hello);
        yield return Write(OnlyTls, "a good hello", hello);
        yield return Write(All, "a good hello in three records", TestHello.Cut(hello, 3, 300));
        yield return Write(All, "no server name", WithoutName().Signed(Alice, Now));
        yield return Write(All, "a server name in capitals", WithName("WWW.Example.COM").Signed(Alice, Now));
        yield return Write(All, "no session id", new TestHello { SessionId = [] }.Signed(Alice, Now));
        yield return Mask(All, "no key shares", Without(0x0033).Signed(Alice, Now), Refusal.SiteRefuses);
        yield return Write(All, "16 KiB", new TestHello().PaddedTo(16_389).Signed(Alice, Now));
        yield return Mask(All, "one byte more than 16 KiB", new TestHello().PaddedTo(16_390).Signed(Alice, Now), Refusal.MalformedHello);
        yield return Mask(All, "a record of 16,385 bytes", [0x16, 3, 1, 0x40, 0x01], Refusal.MalformedHello);
        yield return Mask(All, "an empty record", [0x16, 3, 1, 0, 0], Refusal.MalformedHello);
        yield return Mask(All, "a ServerHello", [0x16, 3, 1, 2, 0, 2], Refusal.MalformedHello);
        yield return Mask(All, "a record longer than its message", Edited(8, -1), Refusal.MalformedHello);
        yield return Mask(All, "a message of 64 KiB", [0x16, 3, 1, 2, 0, 1, 1, 0, 0], Refusal.MalformedHello);
        yield return Mask(All, "a second record of data", [.. TestHello.Cut(hello, 200)[..205], 0x17], Refusal.MalformedHello);
        yield return Mask(All, "17 records", TestHello.Cut(hello, [.. Enumerable.Repeat(1, 16)]), Refusal.MalformedHello);
        yield return Mask(All, "two server names", Doubled().Signed(Alice, Now), Refusal.MalformedHello);
        yield return Mask(All, "a server name with a space", WithName("www example.com").Signed(Alice, Now), Refusal.MalformedHello);
        yield return Mask(All, "an empty server name", WithName("").Signed(Alice, Now), Refusal.MalformedHello);
        yield return Mask(All, "bytes behind the hello", [.. hello, 0x17], Refusal.SurplusBytes);
        yield return Mask(All, "two hellos", [.. hello, .. hello], Refusal.SurplusBytes);
        yield return Mask(All, "a stranger's hello", new TestHello().Signed(new byte[16], Now), Refusal.WrongSecret);
        yield return Mask(All, "a changed byte", Edited(60, 1), Refusal.WrongSecret);
        yield return Mask(All, "a hello of eleven minutes ago", new TestHello().Signed(Alice, Now - 660), Refusal.Stale);
        yield return Mask(All, "a hello from the future", new TestHello().Signed(Alice, Now + 660), Refusal.Stale);
        yield return Mask(All, "another's domain", WithName("example.com").Signed(Alice, Now), Refusal.UnknownSni);
        yield return Mask(All, "another's domain and secret", WithName("example.com").Signed(new byte[16], Now), Refusal.WrongSecret);
        yield return Mask(
            All, "no suite of TLS 1.3", new TestHello { Suites = [0x0a, 0x0a, 0xc0, 0x2b] }.Signed(Alice, Now), Refusal.NoTls13);

        // Header64
        yield return Read(All, "a header but its last byte", Secure.AsSpan(0, 63), GateState.Header64, 1);
        yield return Ready(All, "abridged", Classic);
        yield return Ready(All, "intermediate", Intermediate);
        yield return Ready(All, "padded intermediate", Secure);
        yield return Ready(OnlyClassic, "abridged", Classic);
        yield return Ready(OnlySecure, "padded intermediate", Secure);
        yield return Ready(All, "a header and what follows", [.. Secure, 1, 2, 3]);
        yield return Mask(OnlyClassic, "padded intermediate", Secure, Refusal.ModeOff);
        yield return Mask(NoSecure, "padded intermediate", Secure, Refusal.ModeOff);
        yield return Mask(OnlySecure, "abridged", Classic, Refusal.ModeOff);
        yield return Mask(NoClassic, "intermediate", Intermediate, Refusal.ModeOff);
        yield return Mask(All, "a stranger's header", Strange, Refusal.WrongSecret);
        yield return Mask(All, "plain abridged", [0xef, .. new byte[63]], Refusal.WrongSecret);
        yield return Mask(NoTls, "a good hello", hello, Refusal.ModeOff);
    }

    [TestCaseSource(nameof(FirstPhase))]
    public void FirstPhase_EachInput_GivesItsAnswer(object modes, byte[] input, object expected)
    {
        var gate = new GateRig { Modes = (ModeSettings)modes }.Gate();
        Check(gate, gate.Step(input), (Answer)expected);
    }

    internal static IEnumerable<TestCaseData> SecondPhase()
    {
        yield return Inner("nothing", [], Waits);
        yield return Inner("one byte", [0x14], Waits);
        yield return Inner("a ChangeCipherSpec", [0x14, 3, 3, 0, 1, 1], Waits);
        yield return Inner("16 of them", [.. Repeat([0x14, 3, 3, 0, 1, 1], 16)], Waits);
        yield return Inner("a header but its last byte", InnerFlight(Secure)[..^21], Waits);
        yield return Inner("a header", InnerFlight(Secure, 0), Serves);
        yield return Inner("a header and the beginning of a frame", InnerFlight(Secure), Serves);
        yield return Inner("a header without a ChangeCipherSpec", InnerFlight(Secure)[6..], Serves);
        yield return Inner("a header byte by byte", [.. Secure.SelectMany(b => (byte[])[0x17, 3, 3, 0, 1, b])], Serves);
        yield return Inner("17 ChangeCipherSpecs", [.. Repeat([0x14, 3, 3, 0, 1, 1], 17)], Drops(Refusal.BadInnerHeader));
        yield return Inner("a ChangeCipherSpec of 2", [0x14, 3, 3, 0, 1, 2], Drops(Refusal.BadInnerHeader));
        yield return Inner("a ChangeCipherSpec of two bytes", [0x14, 3, 3, 0, 2], Drops(Refusal.BadInnerHeader));
        yield return Inner("an alert", [0x15, 3, 3, 0, 2, 2, 40], Drops(Refusal.BadInnerHeader));
        yield return Inner("a handshake record", [0x16], Drops(Refusal.BadInnerHeader));
        yield return Inner("text", [.. "GET / HTTP/1.1"u8], Drops(Refusal.BadInnerHeader));
        yield return Inner("TLS 1.0 data", [0x17, 3, 1], Drops(Refusal.BadInnerHeader));
        yield return Inner("an empty record", [0x17, 3, 3, 0, 0], Drops(Refusal.BadInnerHeader));
        yield return Inner("a record of 16,641 bytes", [0x17, 3, 3, 0x41, 0x01], Drops(Refusal.BadInnerHeader));
        yield return Inner("a stranger's header", InnerFlight(Strange), Drops(Refusal.BadInnerHeader));
        yield return Inner("another user's header", InnerFlight(BobsSecure), Drops(Refusal.UserMismatch));
        yield return Inner("abridged", InnerFlight(Classic), Drops(Refusal.BadInnerHeader));
        yield return Inner("intermediate", InnerFlight(Intermediate), Drops(Refusal.BadInnerHeader));
    }

    [TestCaseSource(nameof(SecondPhase))]
    public void SecondPhase_EachInput_GivesItsAnswer(byte[] input, object expected)
    {
        var gate = new GateRig().Answered();
        Check(gate, gate.Step(input), (Answer)expected);
    }

    [Test]
    public void EndExpireEvict_InEachWaitingState_MaskBeforeOurHelloAndDropBehindIt()
    {
        var ends = new (Func<ClientGate, GateStep> Act, Refusal Silent, Refusal Started)[]
        {
            (gate => gate.End(), Refusal.Ended, Refusal.Ended),
            (gate => gate.Expire(), Refusal.Silent, Refusal.Stalled),
            (gate => gate.Evict(), Refusal.Evicted, Refusal.Evicted),
        };
        foreach (var (act, silent, started) in ends)
        {
            foreach (var partial in (byte[][])[[], [0x16], [.. Hello().AsSpan(0, 100)], [.. Secure.AsSpan(0, 10)]])
            {
                var gate = new GateRig().Gate();
                gate.Step(partial);
                Check(gate, act(gate), Masks(partial.Length == 0 ? silent : started));
            }

            foreach (var partial in (byte[][])[[], [0x14, 3], InnerFlight(Secure)[..40]])
            {
                var gate = new GateRig().Answered();
                gate.Step(partial);
                Check(gate, act(gate), Drops(started));
            }
        }
    }

    [Test]
    public void AnyCall_AfterTheDecision_IsACallersBug()
    {
        foreach (var input in (byte[][])[Secure, Strange])
        {
            var gate = new GateRig().Gate();
            gate.Step(input);
            Assert.Multiple(() =>
            {
                Assert.That(() => gate.Step(input), Throws.InvalidOperationException);
                Assert.That(() => gate.End(), Throws.InvalidOperationException);
                Assert.That(() => gate.Expire(), Throws.InvalidOperationException);
                Assert.That(() => gate.Evict(), Throws.InvalidOperationException);
            });
        }
    }

    private static Answer Waits => new(GateAction.Read, GateState.InnerHeader);

    private static Answer Serves => new(GateAction.Ready, GateState.Ready);

    private static void Check(ClientGate gate, GateStep step, Answer expected)
    {
        Assert.Multiple(() =>
        {
            Assert.That(step.Action, Is.EqualTo(expected.Action));
            Assert.That(step.Refusal, Is.EqualTo(expected.Refusal));
            Assert.That(gate.State, Is.EqualTo(expected.State));
            Assert.That(step.Client is not null, Is.EqualTo(expected.Action == GateAction.Ready));
            Assert.That(step.Reply.IsEmpty, Is.EqualTo(expected.Action is not (GateAction.Write or GateAction.Drop)));
            Assert.That(step.Urgent, Is.EqualTo(expected.Urgent));
            if (expected.Needed > 0)
            {
                Assert.That(step.Needed, Is.EqualTo(expected.Needed));
            }
        });
    }

    private static TestHello WithName(string name) => With((0x0000, TestHello.ServerName(name)));

    private static TestHello With((ushort, byte[]) extension)
    {
        var hello = Without(extension.Item1);
        hello.Extensions.Add(extension);
        return hello;
    }

    private static TestHello WithoutName() => Without(0x0000);

    private static TestHello Without(ushort type)
    {
        var hello = new TestHello();
        hello.Extensions.RemoveAll(extension => extension.Type == type);
        return hello;
    }

    private static TestHello Doubled()
    {
        var hello = new TestHello();
        hello.Extensions.Add((0x0000, TestHello.ServerName("www.example.com")));
        return hello;
    }

    private static byte[] Edited(int offset, int by)
    {
        var hello = Hello();
        hello[offset] += (byte)by;
        return hello;
    }

    private static IEnumerable<byte> Repeat(byte[] bytes, int times) => Enumerable.Repeat(bytes, times).SelectMany(b => b);

    private static Answer Masks(Refusal refusal) => new(GateAction.Mask, GateState.Refused, refusal);

    private static Answer Drops(Refusal refusal) => new(GateAction.Drop, GateState.Refused, refusal);

    private static TestCaseData Read(
        ModeSettings modes, string name, ReadOnlySpan<byte> input, GateState state, int needed, bool urgent = true)
        => First(modes, name, input, new Answer(GateAction.Read, state, Needed: needed, Urgent: urgent));

    private static TestCaseData Mask(ModeSettings modes, string name, ReadOnlySpan<byte> input, Refusal refusal)
        => First(modes, name, input, Masks(refusal));

    private static TestCaseData Write(ModeSettings modes, string name, ReadOnlySpan<byte> input)
        => First(modes, name, input, new Answer(GateAction.Write, GateState.InnerHeader));

    private static TestCaseData Ready(ModeSettings modes, string name, ReadOnlySpan<byte> input) => First(modes, name, input, Serves);

    private static TestCaseData First(ModeSettings modes, string name, ReadOnlySpan<byte> input, Answer answer)
    {
        var on = $"{(modes.Classic ? "c" : "-")}{(modes.Secure ? "s" : "-")}{(modes.Tls ? "t" : "-")}";
        return new TestCaseData(modes, input.ToArray(), answer).SetName($"FirstPhase({on}, {name}) = {answer.Action} {answer.Refusal}");
    }

    private static TestCaseData Inner(string name, byte[] input, Answer answer)
        => new TestCaseData(input, answer).SetName($"SecondPhase({name}) = {answer.Action} {answer.Refusal}");

    private sealed record Answer(
        GateAction Action, GateState State, Refusal Refusal = Refusal.None, int Needed = 0, bool Urgent = false);
}
