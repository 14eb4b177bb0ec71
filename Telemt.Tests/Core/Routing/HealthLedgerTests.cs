using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Routing;
using Telemt.Tests.Fakes;
using Telemt.Tests.Worker.Configuration;

namespace Telemt.Tests.Core.Routing;

/// <summary>Who is tried, in which order, and what edits leave of what is known.</summary>
internal sealed class HealthLedgerTests
{
    private const string Three = """
        upstreams = [
          { name = "a", interface = "127.0.0.1", weight = 1 },
          { name = "b", interface = "127.0.0.2", weight = 2 },
          { name = "c", interface = "127.0.0.3", weight = 7 },
          { name = "last", type = "socks5", address = "127.0.0.4:1080", group = "fallback" }]
        dc_overrides = { 2 = ["192.0.2.1:443", "192.0.2.2:443"] }
        """;

    private static readonly ImmutableArray<EndPoint> Targets = [IPEndPoint.Parse("192.0.2.1:443"), IPEndPoint.Parse("192.0.2.2:443")];

    private HealthLedger _ledger = null!;

    [SetUp]
    public void Begin() => _ledger = new HealthLedger(new ManualTimeProvider(), new UpstreamBalancer(new SeededRandom(7)));

    [Test]
    public void Plan_TenThousandSessions_SharesFollowTheWeights()
    {
        Apply(Three);
        var firsts = Enumerable.Range(0, 10_000).Select(_ => Plan()[0].Upstream.Settings.Name).CountBy(name => name).ToDictionary();

        // Chi-square of 1:2:7 with two degrees of freedom: at 1 % 9.21.
        var chi = new (string Name, double Expected)[] { ("a", 1000), ("b", 2000), ("c", 7000) }
            .Sum(share => Math.Pow(firsts[share.Name] - share.Expected, 2) / share.Expected);
        Assert.That(chi, Is.LessThan(9.21), string.Join(", ", firsts));
        Assert.That(firsts, Has.Count.EqualTo(3), "nobody by the fallback group");
    }

    [Test]
    public void Plan_AClearlyQuickerWay_IsPreferredAndTheOthersStillServe()
    {
        Apply(Three.Replace("weight = 2", "weight = 1").Replace("weight = 7", "weight = 1"));
        foreach (var candidate in Plan().Where(candidate => !candidate.IsFallback))
        {
            _ledger.Connected(candidate, TimeSpan.FromMilliseconds(candidate.Upstream.Settings.Name == "a" ? 10 : 100));
        }

        var firsts = Enumerable.Range(0, 3000).Select(_ => Plan()[0].Upstream.Settings.Name).CountBy(name => name).ToDictionary();

        // The better of two draws: five of nine.
        Assert.That(firsts["a"] / 3000.0, Is.EqualTo(5 / 9.0).Within(0.04));
        Assert.That((firsts["b"], firsts["c"]), Is.Not.EqualTo((0, 0)));
    }

    [Test]
    public void Plan_Order_OwnGroupThenFallbackThenWhatIsDown()
    {
        Apply(Three);
        Fail("c", 3);
        Fail("b", 1);
        var plan = Plan();

        Assert.That(plan, Has.Count.EqualTo(8));
        Assert.That(plan.FindIndex(candidate => candidate.IsFallback), Is.EqualTo(5), "two addresses of a and b, and one of c");
        Assert.That(plan.Where(candidate => candidate.Upstream.Settings.Name == "b").Select(candidate => candidate.Target), Is.EqualTo(Targets.Reverse()));
        Assert.That((plan[^1].Upstream.Settings.Name, plan[^1].Target), Is.EqualTo(("c", Targets[0])), "at the end what is down");
    }

    [Test]
    public void Plan_EverythingDown_EverythingIsTried()
    {
        Apply(Three);
        foreach (var candidate in Plan())
        {
            for (var i = 0; i < 3; i++)
            {
                _ledger.Failed(candidate, DialFault.Target, "timed out");
            }
        }

        Assert.That(Plan(), Has.Count.EqualTo(8));
    }

    [Test]
    public void Apply_WeightsAndNamesChanged_WhatStaysKeepsItsHealthAndWhatGoesDrains()
    {
        Apply(Three);
        Fail("a", 3);
        var (a, c) = (Upstream("a"), Upstream("c"));
        c.BeginSession();

        var change = Apply("""
            upstreams = [{ name = "renamed", interface = "127.0.0.1", weight = 9 }, { name = "b", interface = "127.0.0.2" }]
            dc_overrides = { 2 = ["192.0.2.1:443", "192.0.2.2:443"] }
            """);

        Assert.That(Upstream("renamed"), Is.SameAs(a));
        Assert.That(a.FindPath(Targets[0])!.Health.IsDown);
        Assert.That((c.IsDraining, change.Draining.Contains(c), change.Added.IsEmpty), Is.EqualTo((true, true, true)));
        Assert.That(Plan().Select(candidate => candidate.Upstream), Has.None.SameAs(c));
    }

    [Test]
    public void ToProbe_IsEveryAddressByEveryUpstreamThatIsNotDown()
    {
        Apply(Three);
        var last = Plan().Last(way => way.IsFallback);
        for (var i = 0; i < 3; i++)
        {
            _ledger.Failed(last, DialFault.Upstream, "connection refused");
        }

        var ways = _ledger.ToProbe();
        var expected = _ledger.Upstreams.Take(3)
            .SelectMany(upstream => _ledger.Dcs.SelectMany(dc => dc.Ipv4First.Select(target => (upstream.Settings.Name, target, dc.Index))))
            .Where(way => way.Index < 10_000 && way.target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
            .DistinctBy(way => (way.Name, way.target))
            .Append(("last", Targets[0], (short)2));
        Assert.That(
            ways.Select(way => (way.Candidate.Upstream.Settings.Name, way.Candidate.Target, way.Dc)),
            Is.EquivalentTo(expected), "of the one that is down the address that sessions were sent to");
    }

    [Test]
    public void Plan_TheOtherFamilyClearlyQuicker_GoesFirstUntilItFails()
    {
        ImmutableArray<EndPoint> both = [IPEndPoint.Parse("192.0.2.1:443"), IPEndPoint.Parse("[2001:db8::1]:443")];
        Apply("dc_overrides = { 2 = [\"192.0.2.1:443\", \"[2001:db8::1]:443\"] }\nupstreams = [{ name = \"a\", ipv6 = true }]");
        var plan = _ledger.PlanFor(UpstreamChoice.Default, both);
        Assert.That(plan.Select(way => way.Target), Is.EqualTo(both), "nothing is known");

        _ledger.Connected(plan[0], TimeSpan.FromMilliseconds(60));
        _ledger.Connected(plan[1], TimeSpan.FromMilliseconds(57));
        Assert.That(First(), Is.EqualTo(both[0]), "three milliseconds are noise");

        for (var i = 0; i < 10; i++)
        {
            _ledger.Connected(plan[1], TimeSpan.FromMilliseconds(20));
        }

        Assert.That(First(), Is.EqualTo(both[1]));

        _ledger.Failed(plan[1], DialFault.Target, "refused");
        Assert.That(First(), Is.EqualTo(both[0]));

        EndPoint First() => _ledger.PlanFor(UpstreamChoice.Default, both)[0].Target;
    }

    [Test]
    public void Mute_ThreeTimes_IsAvoidedThoughItTakesConnections()
    {
        Apply(Three);
        var candidate = Plan().First(way => way.Target.Equals(Targets[0]));
        for (var i = 0; i < 3; i++)
        {
            _ledger.Connected(candidate, TimeSpan.FromMilliseconds(10));
            Assert.That(_ledger.Mute(candidate, "mute"), Is.EqualTo(i == 2 ? RouteEvent.PathDown : RouteEvent.None));
        }

        _ledger.Connected(candidate, TimeSpan.FromMilliseconds(10));
        _ledger.Connected(candidate, TimeSpan.FromMilliseconds(10));
        Assert.That(candidate.IsHealthy, Is.False, "a connection is no answer");

        Assert.That(_ledger.Works(candidate), Is.EqualTo(RouteEvent.None));
        Assert.That(_ledger.Connected(candidate, TimeSpan.FromMilliseconds(10)), Is.EqualTo(RouteEvent.PathUp), "it has answered since");
        Assert.That(candidate.Path!.Mute, Is.EqualTo(3));
    }

    private LedgerChange Apply(string toml) => _ledger.Apply(ConfigText.Settings(ConfigText.Least + toml));

    private List<RouteCandidate> Plan() => _ledger.PlanFor(UpstreamChoice.Default, Targets);

    private UpstreamState Upstream(string name) => _ledger.Upstreams.Single(upstream => upstream.Settings.Name == name);

    private void Fail(string name, int times)
    {
        var candidate = Plan().Single(way => way.Upstream.Settings.Name == name && way.Target.Equals(Targets[0]));
        for (var i = 0; i < times; i++)
        {
            _ledger.Failed(candidate, DialFault.Target, "refused");
        }
    }
}
