using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using static Telemt.Tests.Core.Gate.GateRig;

namespace Telemt.Tests.Core.Gate;

/// <summary>However the bytes come in pieces, the answer is the one that the whole gets, or an earlier one of the same kind.</summary>
public sealed class ClientGateFuzzTests
{
    private static readonly byte[] Secure = TestHeader.Make(Alice, 0xdd).Wire;

    private static readonly byte[][] FirstPhases =
    [
        Hello(),
        TestHello.Cut(Hello(), 1, 2, 3, 500),
        new TestHello().Signed(Bob, Now - 4000),
        [.. Hello(), 1],
        Secure,
        TestHeader.Make(Bob, 0xef).Wire,
        TestHeader.Make(new byte[16], 0xef).Wire,
        [.. "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8],
        [.. "GEX"u8, .. Secure],
        [0x16, 3, 2, .. Secure],
        [0x16, 3, 1, 0x10, 0, 2],
    ];

    private static readonly byte[][] SecondPhases =
    [
        InnerFlight(Secure),
        [.. Secure.SelectMany(b => (byte[])[0x17, 3, 3, 0, 1, b])],
        InnerFlight(TestHeader.Make(Bob, 0xdd).Wire),
        InnerFlight(TestHeader.Make(Alice, 0xee).Wire),
        [0x14, 3, 3, 0, 1, 1, 0x15, 3, 3, 0, 2, 1, 0],
        [0x14, 3, 3, 0, 1, 1, .. "GET / HTTP/1.1\r\n"u8],
    ];

    [Test]
    public void FirstPhase_ByteByByte_EndsAsTheWhole([ValueSource(nameof(FirstPhases))] byte[] bytes)
    {
        var whole = Feed(new GateRig().Gate(), bytes, bytes.Length);
        var single = Feed(new GateRig().Gate(), bytes, [.. Enumerable.Range(1, bytes.Length)]);
        if (whole.Refusal == Refusal.SurplusBytes)
        {
            Assert.That(single.Action, Is.EqualTo(GateAction.Write), "the surplus is not there yet when the hello is complete");
            return;
        }

        Assert.That((single.Action, single.Refusal), Is.EqualTo((whole.Action, whole.Refusal)));
    }

    [Test]
    public void FirstPhase_CutAtEachOffset_EndsAsTheWhole([ValueSource(nameof(FirstPhases))] byte[] bytes)
    {
        var whole = Feed(new GateRig().Gate(), bytes, bytes.Length);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var split = Feed(new GateRig().Gate(), bytes, cut, bytes.Length);
            Assert.That(split.Action == whole.Action || IsHelloThenSurplus(whole, cut, bytes), Is.True, $"cut at {cut}");
        }
    }

    [Test]
    public void SecondPhase_CutAtEachOffsetAndByteByByte_EndsAsTheWhole([ValueSource(nameof(SecondPhases))] byte[] bytes)
    {
        var whole = Feed(new GateRig().Answered(), bytes, bytes.Length);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var split = Feed(new GateRig().Answered(), bytes, cut, bytes.Length);
            Assert.That((split.Action, split.Refusal), Is.EqualTo((whole.Action, whole.Refusal)), $"cut at {cut}");
        }

        var single = Feed(new GateRig().Answered(), bytes, [.. Enumerable.Range(1, bytes.Length)]);
        Assert.That((single.Action, single.Refusal, single.Consumed), Is.EqualTo((whole.Action, whole.Refusal, whole.Consumed)));
    }

    [Test]
    public void Step_AnyPieces_EndAsTheWhole()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            ArbMap.Default.ArbFor<NonNegativeInt[]>(),
            (which, pieces) =>
            {
                var bytes = FirstPhases[which.Get % FirstPhases.Length];
                int[] ends = [.. pieces.Select(piece => piece.Get * 89 % (bytes.Length + 1)).Order(), bytes.Length];
                var (whole, split) = (Feed(new GateRig().Gate(), bytes, bytes.Length), Feed(new GateRig().Gate(), bytes, ends));
                return split.Action == whole.Action || ends.Any(cut => IsHelloThenSurplus(whole, cut, bytes));
            }).QuickCheckThrowOnFailure();

    [Test]
    public void Step_MutatedInput_NeverThrowsAndOnlyTheUntouchedIsLetIn()
    {
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var original = FirstPhases[random.Next(2) == 0 ? 0 : 4];
            var bytes = original.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(random.Next(2) == 0 ? Math.Min(120, bytes.Length) : bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            var step = Feed(new GateRig().Gate(), bytes, bytes.Length / 2, bytes.Length);

            // Bytes 0..7 of a header, its last two and the DC index are free; so are the bits of a hello's time.
            if (step.Action is GateAction.Write or GateAction.Ready)
            {
                var changed = Enumerable.Range(0, bytes.Length).Where(i => bytes[i] != original[i]);
                Assert.That(changed, original == Secure ? Is.All.Matches<int>(i => i is < 8 or > 59) : Is.All.InRange(39, 42));
            }
            else
            {
                Assert.That(step.Action, Is.AnyOf(GateAction.Mask, GateAction.Read));
            }
        }
    }

    [Test]
    public void Step_RandomInput_NeverThrowsAndNeverLetsIn()
    {
        var random = new Random(4);
        ModeSettings[] modes = [new(true, true, true), new(false, false, true), new(true, false, false), new(false, false, false)];
        var rigs = modes.Select(m => new GateRig { Modes = m }).ToArray();
        byte[][] starts = [[], [0x16, 3, 1], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], [.. "GE"u8], [0x16, 3, 1, 0, 4, 1, 0, 0, 0]];
        for (var round = 0; round < 20_000; round++)
        {
            var noise = new byte[random.Next(700)];
            random.NextBytes(noise);
            byte[] bytes = [.. starts[random.Next(starts.Length)], .. noise];
            var step = Feed(rigs[random.Next(rigs.Length)].Gate(), bytes, random.Next(bytes.Length + 1), bytes.Length);
            Assert.That(step.Action, Is.AnyOf(GateAction.Mask, GateAction.Read));
        }
    }

    [Test]
    public void SecondPhase_RandomInput_NeverThrowsNeverMasksNeverLetsIn()
    {
        var random = new Random(6);
        byte[][] pieces =
        [
            [0x14, 3, 3, 0, 1, 1], [0x17, 3, 3, 0, 3, 1, 2, 3], [0x17, 3, 3], [0x15, 3, 3, 0, 2], [0], [0x17, 3, 3, 0, 64, .. new byte[64]],
        ];
        var rig = new GateRig();
        for (var round = 0; round < 3_000; round++)
        {
            byte[] bytes = [.. Enumerable.Range(0, random.Next(12)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            var step = Feed(rig.Answered(round), bytes, random.Next(bytes.Length + 1), bytes.Length);
            Assert.That(step.Action, Is.AnyOf(GateAction.Drop, GateAction.Read));
        }
    }

    /// <summary>Whatever a stranger sends, the one rebuilt record of a hello in pieces is all that it makes us allocate.</summary>
    [Test]
    public void Step_StrangersBytes_AllocateLittle()
    {
        var rig = new GateRig();
        byte[][] inputs =
        [
            new TestHello().PaddedTo(16_389).Signed(new byte[16], Now),
            TestHello.Cut(new TestHello().PaddedTo(16_389).Signed(new byte[16], Now), [.. Enumerable.Repeat(1, 15)]),
            TestHeader.Make(new byte[16], 0xdd).Wire,
            new byte[100_000],
        ];
        foreach (var input in inputs)
        {
            rig.Gate().Step(input);
            var before = GC.GetAllocatedBytesForCurrentThread();
            rig.Gate().Step(input);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(40_000));
        }
    }

    private static bool IsHelloThenSurplus(GateStep whole, int cut, byte[] bytes)
        => whole.Refusal == Refusal.SurplusBytes && cut == bytes.Length - 1;

    /// <summary>What a caller does: all bytes so far with each piece, until the gate decides.</summary>
    private static GateStep Feed(ClientGate gate, byte[] bytes, params int[] ends)
    {
        var step = default(GateStep);
        foreach (var end in ends)
        {
            step = gate.Step(bytes.AsSpan(0, end));
            if (step.Action != GateAction.Read)
            {
                return step;
            }
        }

        return step;
    }
}
