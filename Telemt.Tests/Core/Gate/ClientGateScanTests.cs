using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using static Telemt.Tests.Core.Gate.GateRig;

namespace Telemt.Tests.Core.Gate;

/// <summary>The search for the user among thousands: in parts, and not for whoever has cost too much already.</summary>
internal sealed class ClientGateScanTests
{
    private const int Crowd = 3000;

    private static readonly UserSettings[] Many = [.. Enumerable.Range(0, Crowd).Select(i => User($"user{i}", Masking(i)))];
    private static readonly byte[] WrongHello = new TestHello().Signed(new byte[16], Now);
    private static readonly byte[] WrongHeader = TestHeader.Make(new byte[16], 0xef).Wire;

    [Test]
    public void Scan_HelloOfTheLastUser_YieldsOnItsWayAndFindsHim()
    {
        var rig = new GateRig { Users = [.. Many, User("alice", Alice)] };
        var gate = rig.Gate();
        var (step, yields) = Run(gate, Hello());
        Assert.Multiple(() =>
        {
            Assert.That(step.Action, Is.EqualTo(GateAction.Write));
            Assert.That(gate.User!.Name, Is.EqualTo("alice"));
            Assert.That(yields, Is.InRange(Crowd / 512, Crowd / 128), "every few hundred users");
            Assert.That(rig.ScannedInVain, Is.Empty);
        });
    }

    [Test]
    public void Scan_HeaderOfTheLastUser_YieldsOnItsWayAndFindsHim()
    {
        var gate = new GateRig { Users = [.. Many, User("alice", Alice)] }.Gate();
        var (step, yields) = Run(gate, TestHeader.Make(Alice, 0xef).Wire);
        Assert.That((step.Action, gate.User!.Name, yields > 4), Is.EqualTo((GateAction.Ready, "alice", true)));
    }

    [Test]
    public void Scan_Bogus_IsMaskedAndCharged()
    {
        var rig = new GateRig { Users = [.. Many] };
        foreach (var bytes in (byte[][])[WrongHello, WrongHeader])
        {
            Assert.That(Run(rig.Gate(), bytes).Step.Refusal, Is.EqualTo(Refusal.WrongSecret));
        }

        Assert.That(rig.ScannedInVain, Is.EqualTo(new[] { Crowd, Crowd }));
    }

    [Test]
    public void Scan_OfASourceWithoutBudget_IsNotBegunButTheLikelyUserComesIn()
    {
        var rig = new GateRig { Users = [.. Many, User("alice", Alice)], MayScan = false };
        Assert.Multiple(() =>
        {
            Assert.That(rig.Gate().Step(WrongHello).Refusal, Is.EqualTo(Refusal.SourceBackoff));
            Assert.That(rig.Gate().Step(WrongHeader).Refusal, Is.EqualTo(Refusal.SourceBackoff));
            Assert.That(rig.Gate(likely: 5).Step(Hello()).Refusal, Is.EqualTo(Refusal.SourceBackoff));
            Assert.That(rig.Gate(likely: Crowd).Step(Hello(2)).Action, Is.EqualTo(GateAction.Write));
            Assert.That(rig.Gate(likely: Crowd).Step(TestHeader.Make(Alice, 0xef).Wire).Action, Is.EqualTo(GateAction.Ready));
            Assert.That(rig.ScannedInVain, Is.Empty, "what was not tried costs nothing");
        });
    }

    [Test]
    public void Scan_EndedInTheMiddle_IsARefusalAsAny()
    {
        var rig = new GateRig { Users = [.. Many] };
        var (evicted, ended) = (rig.Gate(), rig.Gate());
        Assert.That(evicted.Step(WrongHello).Action, Is.EqualTo(GateAction.Yield));
        Assert.That(ended.Step(WrongHello).Action, Is.EqualTo(GateAction.Yield));
        Assert.That(evicted.Evict(Refusal.SourceHandshakes).Refusal, Is.EqualTo(Refusal.SourceHandshakes));
        Assert.That(ended.End().Refusal, Is.EqualTo(Refusal.Ended));
    }

    /// <summary>Whoever plays a recorded hello must not take the place of the user whose it was.</summary>
    [Test]
    public void Admission_IsAskedBehindTheReplayWindow()
    {
        var asked = 0;
        var rig = new GateRig
        {
            Admits = _ =>
            {
                asked++;
                return Refusal.None;
            },
        };
        Assert.That(rig.Gate().Step(Hello()).Action, Is.EqualTo(GateAction.Write));
        Assert.That(rig.Gate().Step(Hello()).Refusal, Is.EqualTo(Refusal.Replay));
        Assert.That(asked, Is.EqualTo(1));
    }

    private static (GateStep Step, int Yields) Run(ClientGate gate, byte[] bytes)
    {
        var yields = 0;
        while (true)
        {
            var step = gate.Step(bytes);
            if (step.Action != GateAction.Yield)
            {
                return (step, yields);
            }

            yields++;
        }
    }

    private static byte[] Masking(int seed)
    {
        var secret = new byte[16];
        new SeededRandom(seed + 1000).Fill(secret);
        return secret;
    }
}
