using System.Net;
using Telemt.Core;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using static Telemt.Tests.Core.Gate.GateRig;

namespace Telemt.Tests.Core.Gate;

/// <summary>The operator's policies at the gate: what can be refused before our first byte is masked, the rest is dropped.</summary>
internal sealed class ClientGatePolicyTests
{
    private static readonly MaskSettings Other = new(true, "other.example", 443);
    private static readonly byte[] MediaHeader = TestHeader.Make(Alice, 0xdd, dc: -2).Wire;

    [Test]
    public void Policy_RefusesEveryDc_IsMaskedBeforeOurFirstByte()
    {
        var gate = new GateRig { Policies = [new() { Sni = ["www.example.com"], Allow = false, Mask = Other }] }.Gate();
        var step = gate.Step(Hello());
        Assert.Multiple(() =>
        {
            Assert.That((step.Action, step.Refusal), Is.EqualTo((GateAction.Mask, Refusal.Policy)));
            Assert.That(gate.Policy.Mask, Is.EqualTo(Other));
        });
    }

    [Test]
    public void Policy_RefusesTheDc_IsADropInsideTlsAndAMaskOutside()
    {
        var rig = new GateRig { Policies = [new() { Dcs = [-2], Allow = false, Mask = Other }] };
        var inside = rig.Answered().Step(InnerFlight(MediaHeader));
        var gate = rig.Gate();
        var outside = gate.Step(TestHeader.Make(Alice, 0xdd, dc: -2, seed: 5).Wire);
        Assert.Multiple(() =>
        {
            Assert.That((inside.Action, inside.Refusal), Is.EqualTo((GateAction.Drop, Refusal.Policy)));
            Assert.That(inside.Reply.Length, Is.EqualTo(24));
            Assert.That((outside.Action, outside.Refusal), Is.EqualTo((GateAction.Mask, Refusal.Policy)));
            Assert.That(gate.Policy.Mask, Is.EqualTo(Other));
            Assert.That(rig.Gate().Step(TestHeader.Make(Alice, 0xdd, dc: 2, seed: 6).Wire).Action, Is.EqualTo(GateAction.Ready));
        });
    }

    [Test]
    public void Policy_OfTheDc_IsTheReadyClients()
    {
        var rig = new GateRig { Policies = [new() { Dcs = [-2], UpstreamGroup = "media" }, new() { UpstreamGroup = "rest" }] };
        Assert.Multiple(() =>
        {
            Assert.That(rig.Answered().Step(InnerFlight(MediaHeader)).Client!.Policy.UpstreamGroup, Is.EqualTo("media"));
            Assert.That(
                rig.Gate().Step(TestHeader.Make(Alice, 0xef, seed: 3).Wire).Client!.Policy.UpstreamGroup, Is.EqualTo("rest"));
        });
    }

    /// <summary>An index that no table knows goes to the default DC, and is judged as that.</summary>
    [Test]
    public void Policy_OfAnUnknownDc_IsTheDefaultDcs()
    {
        var rig = new GateRig { Policies = [new() { Dcs = [2], Allow = false }] };
        Assert.That(rig.Gate().Step(TestHeader.Make(Alice, 0xdd, dc: 77).Wire).Refusal, Is.EqualTo(Refusal.Policy));
    }

    [Test]
    public void Policy_OfTheSource_IsMatched()
    {
        var rig = new GateRig { Policies = [new() { Sources = [IPNetwork.Parse("198.51.100.0/24")], Allow = false }] };
        Assert.Multiple(() =>
        {
            Assert.That(rig.Gate(source: From("198.51.100.9")).Step(Hello()).Refusal, Is.EqualTo(Refusal.Policy));
            Assert.That(rig.Gate(source: From("198.51.101.9")).Step(Hello()).Action, Is.EqualTo(GateAction.Write));
        });
    }

    /// <summary>A recorded hello must lead where one with a wrong secret leads, or it tells that it was real.</summary>
    [Test]
    public void Replay_OfAUserWithAPolicy_IsMaskedAsAnyStranger()
    {
        var rig = new GateRig { Policies = [new() { Users = ["alice"], Mask = Other }] };
        rig.Gate().Step(Hello());
        var replayed = rig.Gate();
        var wrong = rig.Gate();
        Assert.Multiple(() =>
        {
            Assert.That(replayed.Step(Hello()).Refusal, Is.EqualTo(Refusal.Replay));
            Assert.That(wrong.Step(new TestHello().Signed(new byte[16], Now)).Refusal, Is.EqualTo(Refusal.WrongSecret));
            Assert.That(replayed.Policy, Is.SameAs(wrong.Policy));
        });
    }

    private static ClientAddress From(string address) => new(new IPEndPoint(IPAddress.Parse(address), 1000));
}
