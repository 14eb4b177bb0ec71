using System.Security.Cryptography;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using static Telemt.Tests.Core.Gate.GateRig;

namespace Telemt.Tests.Core.Gate;

public sealed class ClientGateTests
{
    [Test]
    public void Answer_GoodHello_VerifiesForItsUser()
    {
        var hello = new TestHello().Signed(Bob, Now);
        var gate = new GateRig().Gate();

        var reply = gate.Step(hello).Reply.ToArray();

        byte[] hashed = [.. hello[11..43], .. reply];
        hashed.AsSpan(32 + 11, 32).Clear();
        Assert.Multiple(() =>
        {
            Assert.That(HMACSHA256.HashData(Bob, hashed), Is.EqualTo(reply[11..43]));
            Assert.That((gate.User!.Name, gate.UserIndex, gate.Mode), Is.EqualTo(("bob", 1, ClientMode.Tls)));
        });
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(1)]
    public void Likely_AnyUser_ChangesNothingButTheOrder(int likely)
    {
        var rig = new GateRig();
        var (hello, header) = (rig.Gate(likely), rig.Gate(likely));
        hello.Step(new TestHello().Signed(Bob, Now));
        header.Step(TestHeader.Make(Bob, 0xee).Wire);
        Assert.That((hello.UserIndex, header.UserIndex), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Replay_RestampedToThePresent_IsStillTheSameHello()
    {
        var rig = new GateRig();
        var hello = Hello();
        Assert.That(rig.Gate().Step(hello).Action, Is.EqualTo(GateAction.Write));
        for (var day = 1; day <= 30; day++)
        {
            // Whoever recorded it knows the time that it carries, and turns the bits to the new one.
            rig.Clock.Advance(TimeSpan.FromDays(1));
            var restamped = Restamp(hello, Now, Now + (uint)(86_400 * day));
            Assert.That(rig.Gate().Step(restamped).Refusal, Is.EqualTo(Refusal.Replay), $"day {day}");
            Assert.That(rig.Gate().Step(hello).Refusal, Is.EqualTo(Refusal.Stale), $"day {day}");
        }
    }

    [Test]
    public void Replay_WhileTheFirstIsStillInside_IsRefused()
    {
        var rig = new GateRig();
        var header = TestHeader.Make(Alice, 0xef).Wire;
        var first = rig.Gate();
        first.Step(header);
        var again = header.ToArray();
        again[0] ^= 1;
        Assert.Multiple(() =>
        {
            Assert.That(rig.Gate().Step(header).Refusal, Is.EqualTo(Refusal.Replay));
            Assert.That(rig.Gate().Step(again).Refusal, Is.EqualTo(Refusal.Replay), "the first eight bytes mean nothing");
        });
    }

    [Test]
    public void Replay_OnlyAuthenticAndAdmittedClients_EnterTheWindow()
    {
        var rig = new GateRig { Modes = new ModeSettings(true, false, true), Policies = [new() { Users = ["bob"], Allow = false }] };
        byte[][] refused =
        [
            new TestHello().Signed(new byte[16], Now),
            new TestHello().Signed(Alice, Now - 3600),
            new TestHello().Signed(Bob, Now),
            TestHeader.Make(new byte[16], 0xef).Wire,
            TestHeader.Make(Alice, 0xdd).Wire,
            TestHeader.Make(Bob, 0xef).Wire,
            [.. Hello(), 0],
        ];
        foreach (var input in refused)
        {
            Assert.That(rig.Gate().Step(input).Action, Is.EqualTo(GateAction.Mask));
        }

        Assert.That(rig.Context.Replay.Count, Is.Zero);
        rig.Gate().Step(Hello());
        Assert.That(rig.Context.Replay.Count, Is.EqualTo(1));
    }

    /// <summary>The header of a recorded fake-TLS session lies open in its first record, and is the very one of a dd client.</summary>
    [Test]
    public void Replay_InnerHeaderSentBare_IsRefused()
    {
        var rig = new GateRig();
        var header = TestHeader.Make(Alice, 0xdd).Wire;
        Assert.That(rig.Answered().Step(InnerFlight(header)).Action, Is.EqualTo(GateAction.Ready));
        Assert.Multiple(() =>
        {
            Assert.That(rig.Gate().Step(header).Refusal, Is.EqualTo(Refusal.Replay));
            Assert.That(rig.Answered(2).Step(InnerFlight(header)).Refusal, Is.EqualTo(Refusal.Replay));
        });
    }

    [Test]
    public void Replay_InnerHeaderWhileSecureIsOff_TakesNoPlaceInTheWindow()
    {
        var rig = new GateRig { Modes = new ModeSettings(false, false, true) };
        rig.Answered().Step(InnerFlight(TestHeader.Make(Alice, 0xdd).Wire));
        Assert.That(rig.Context.Replay.Count, Is.EqualTo(1));
    }

    [TestCase(UnknownSni.Mask, GateAction.Mask, Refusal.UnknownSni)]
    [TestCase(UnknownSni.Accept, GateAction.Write, Refusal.None)]
    [TestCase(UnknownSni.Drop, GateAction.Drop, Refusal.UnknownSni)]
    public void UnknownSni_EachPolicy_ConcernsOnlyWhoHasTheSecret(object policy, object action, object refusal)
    {
        var rig = new GateRig { Domains = ["other.example.org"], Fronting = new FrontingSettings { UnknownSni = (UnknownSni)policy } };
        var (known, stranger) = (rig.Gate(), rig.Gate());
        var (step, strange) = (known.Step(Hello()), stranger.Step(new TestHello().Signed(new byte[16], Now)));
        Assert.Multiple(() =>
        {
            Assert.That((step.Action, step.Refusal), Is.EqualTo(((GateAction)action, (Refusal)refusal)));
            Assert.That(step.Reply.IsEmpty, Is.EqualTo(step.Action != GateAction.Write), "no last word of who said nothing");
            Assert.That((strange.Action, strange.Refusal), Is.EqualTo((GateAction.Mask, Refusal.WrongSecret)));
            Assert.That((known.SniText, known.IsOurSni), Is.EqualTo(("www.example.com", false)));
        });
    }

    [Test]
    public void SniText_OurDomainInAnyCase_IsTheSettingsOwn()
    {
        var hello = new TestHello();
        hello.Extensions[1] = (0, TestHello.ServerName("wWw.eXample.COM"));
        var rig = new GateRig { Domains = ["example.com", "www.example.com"] };
        var gate = rig.Gate();
        gate.Step(hello.Signed(Alice, Now));
        Assert.Multiple(() =>
        {
            Assert.That(gate.SniText, Is.SameAs(rig.Domains[1]));
            Assert.That(gate.IsOurSni, Is.True);
        });
    }

    [Test]
    public void Clock_Window_IsInclusiveAndCanBeOff()
    {
        var on = new GateRig { Replay = new ReplaySettings { TimeSkew = TimeSpan.FromSeconds(60) } };
        var off = new GateRig { Replay = new ReplaySettings { IgnoreTimeSkew = true } };
        Assert.Multiple(() =>
        {
            Assert.That(Judge(on, Now - 60), Is.EqualTo(Refusal.None));
            Assert.That(Judge(on, Now + 60), Is.EqualTo(Refusal.None));
            Assert.That(Judge(on, Now - 61), Is.EqualTo(Refusal.Stale));
            Assert.That(Judge(on, Now + 61), Is.EqualTo(Refusal.Stale));
            Assert.That(Judge(on, uint.MaxValue), Is.EqualTo(Refusal.Stale));
            Assert.That(Judge(on, 0), Is.EqualTo(Refusal.None), "time since boot");
            Assert.That(Judge(on, 86_399_999), Is.EqualTo(Refusal.None), "a thousand days since boot");
            Assert.That(Judge(on, 86_400_000), Is.EqualTo(Refusal.Stale));
            Assert.That(Judge(off, 86_400_000), Is.EqualTo(Refusal.None));
            Assert.That(Judge(off, uint.MaxValue), Is.EqualTo(Refusal.None));
        });

        static Refusal Judge(GateRig rig, uint time) => rig.Gate().Step(new TestHello().Signed(Alice, time, seed: (int)time)).Refusal;
    }

    [Test]
    public void Admission_DisabledExpiredOrRefusedUser_GoesToTheMaskInEachMode()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(Now);
        var alice = User("alice", Alice);
        (GateRig Rig, Refusal Cause)[] refusing =
        [
            (new() { Users = [alice with { Enabled = false }] }, Refusal.UserDisabled),
            (new() { Users = [alice with { Expires = now }] }, Refusal.UserExpired),
            (new() { Users = [alice], Policies = [new() { Users = ["alice"], Allow = false }] }, Refusal.Policy),
            (new() { Users = [alice], Admits = _ => Refusal.UserQuota }, Refusal.UserQuota),
        ];
        GateRig[] admitting =
        [
            new() { Users = [alice with { Expires = now.AddSeconds(1) }] },
            new() { Users = [alice], Admits = user => user.Name == "alice" ? Refusal.None : Refusal.UserQuota },
        ];
        byte[][] inputs = [Hello(), TestHeader.Make(Alice, 0xef).Wire, TestHeader.Make(Alice, 0xdd, seed: 2).Wire];
        foreach (var input in inputs)
        {
            foreach (var (rig, cause) in refusing)
            {
                var gate = rig.Gate();
                var step = gate.Step(input);
                Assert.That((step.Action, step.Refusal), Is.EqualTo((GateAction.Mask, cause)));
                Assert.That(gate.User!.Name, Is.EqualTo("alice"), "known, for the log");
            }

            foreach (var rig in admitting)
            {
                Assert.That(rig.Gate().Step(input).Action, Is.AnyOf(GateAction.Write, GateAction.Ready));
            }
        }
    }

    [Test]
    public void Drop_AfterOurHello_SaysOneRecordOfAnAlertsLength()
    {
        var reply = new GateRig().Answered().Step("GET / HTTP/1.1"u8).Reply.ToArray();
        var other = new GateRig().Answered().End().Reply.ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(reply[..5]), Is.EqualTo("1703030013"));
            Assert.That(reply, Has.Length.EqualTo(24));
            Assert.That(other, Has.Length.EqualTo(24));
            Assert.That(reply[5..].Distinct().Count(), Is.GreaterThan(10));
        });
    }

    [Test]
    public void Ready_InnerHeaderAtTheEndOfARecord_LeavesTheRecordsAtABorder()
    {
        var flight = InnerFlight(TestHeader.Make(Alice, 0xdd).Wire, more: 0);
        var step = new GateRig().Answered().Step([.. flight, 0x17, 3, 3, 0, 1, 7]);
        var records = step.Client!.Records;
        byte[] rest = [0x17, 3, 3, 0, 1, 7];
        Assert.Multiple(() =>
        {
            Assert.That(step.Consumed, Is.EqualTo(flight.Length));
            Assert.That(records.Unwrap(rest), Is.EqualTo(1));
            Assert.That(rest[0], Is.EqualTo(7));
        });
    }

    private static byte[] Restamp(byte[] hello, uint from, uint to)
    {
        var restamped = hello.ToArray();
        for (var i = 0; i < 4; i++)
        {
            restamped[39 + i] ^= (byte)((from ^ to) >> (8 * i));
        }

        return restamped;
    }
}
