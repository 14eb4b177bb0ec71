using System.Collections.Immutable;
using System.Net;
using Telemt.Core;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Tests.Core.Policy;

internal sealed class PolicyTableTests
{
    private const string Tag = "0123456789abcdef0123456789abcdef";
    private const string OtherTag = "fedcba9876543210fedcba9876543210";

    private static readonly MaskSettings General = new(true, "general.example", 443);
    private static readonly MaskSettings Other = new(true, "other.example", 8443);
    private static readonly UserSettings Alice = new() { Name = "alice", Secret = new Secret(new byte[16]) };
    private static readonly UserSettings Bob = Alice with { Name = "bob" };

    [Test]
    public void Decide_NoPolicy_ServesAsEverybody()
    {
        var decision = Table().Decide(Subject(), 2);
        Assert.Multiple(() =>
        {
            Assert.That(decision.Allow);
            Assert.That(decision.UpstreamGroup, Is.EqualTo("default"));
            Assert.That(decision.FallbackGroup, Is.Null);
            Assert.That(decision.AdTag, Is.Null);
            Assert.That(decision.Mask, Is.SameAs(General));
            Assert.That(decision.Policy, Is.Zero);
        });
    }

    [Test]
    public void Decide_SeveralMatch_TheFirstDecides()
    {
        var table = Table(
            new() { Users = ["bob"], UpstreamGroup = "bobs" },
            new() { Users = ["alice", "bob"], UpstreamGroup = "both", FallbackGroup = "spare", Rate = 1000 },
            new() { UpstreamGroup = "all" });
        Assert.Multiple(() =>
        {
            Assert.That(table.Decide(Subject(Bob), 2).UpstreamGroup, Is.EqualTo("bobs"));
            var alices = table.Decide(Subject(), 2);
            Assert.That((alices.UpstreamGroup, alices.FallbackGroup, alices.Rate, alices.Policy), Is.EqualTo(("both", "spare", 1000L, 2)));
            Assert.That(table.Decide(Subject(Alice with { Name = "carol" }), 2).UpstreamGroup, Is.EqualTo("all"));
        });
    }

    [TestCase("www.example.com", "www.example.com", true)]
    [TestCase("www.example.com", "example.com", false)]
    [TestCase("*.example.com", "www.example.com", true)]
    [TestCase("*.example.com", "a.b.example.com", true)]
    [TestCase("*.example.com", "example.com", false)]
    [TestCase("*.example.com", ".example.com", false)]
    [TestCase("*.example.com", "badexample.com", false)]
    [TestCase("*.example.com", "www.example.com.evil.org", false)]
    [TestCase("*.example.com", null, false)]
    public void Sni_Pattern_CoversWhatItSays(string pattern, string? name, bool matches)
        => Assert.That(Table(new PolicySettings { Sni = [pattern] }).Decide(Subject(sni: name), 2).Policy, Is.EqualTo(matches ? 1 : 0));

    [TestCase("10.0.0.0/8", "10.255.1.2", true)]
    [TestCase("10.0.0.0/8", "11.0.0.1", false)]
    [TestCase("192.0.2.7/32", "192.0.2.7", true)]
    [TestCase("192.0.2.7/32", "192.0.2.6", false)]
    [TestCase("0.0.0.0/0", "203.0.113.1", true)]
    [TestCase("0.0.0.0/0", "2001:db8::1", false)]
    [TestCase("::/0", "203.0.113.1", true)]
    [TestCase("2001:db8::/33", "2001:db8:7fff::1", true)]
    [TestCase("2001:db8::/33", "2001:db8:8000::1", false)]
    [TestCase("2001:db8::5/128", "2001:db8::5", true)]
    [TestCase("2001:db8::5/128", "2001:db8::4", false)]
    public void Source_Network_CoversWhatItSays(string network, string address, bool matches)
    {
        var table = Table(new PolicySettings { Sources = [IPNetwork.Parse(network)] });
        Assert.That(table.Decide(Subject(source: address), 2).Policy, Is.EqualTo(matches ? 1 : 0));
    }

    [Test]
    public void Source_NetworksAsThePlatformSees_AreTheSame([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
            random.NextBytes(bytes);
            var length = random.Next(bytes.Length * 8 + 1);
            var network = Network(bytes, length);

            // Often a near one, or the borders would never be met.
            var near = bytes.ToArray();
            near[random.Next(near.Length)] ^= (byte)(1 << random.Next(8));
            var address = new IPAddress(near);
            var source = new ClientAddress(new IPEndPoint(address, 1));
            Assert.That(new NetworkSet([network]).Contains(source), Is.EqualTo(network.Contains(address)), $"{address} in {network}");
        }
    }

    [Test]
    public void Source_PeerOfAUnixSocket_IsInNoNetwork()
    {
        var table = Table(new PolicySettings { Sources = [IPNetwork.Parse("::/0")] });
        Assert.That(table.Decide(new PolicySubject(Alice, null, default), 2).Policy, Is.Zero);
    }

    [Test]
    public void Dcs_Named_AreMatchedAsTheyStand()
    {
        var table = Table(new PolicySettings { Dcs = [2, -4, 203] });
        Assert.Multiple(() =>
        {
            Assert.That(new short[] { 2, -4, 203 }.Select(dc => table.Decide(Subject(), dc).Policy), Is.All.EqualTo(1));
            Assert.That(new short[] { -2, 4, 1 }.Select(dc => table.Decide(Subject(), dc).Policy), Is.All.Zero);
        });
    }

    [Test]
    public void Choice_OfPolicyUserAndEverybody_GoesInThatOrder()
    {
        var rich = Alice with { Upstreams = "own", AdTag = OtherTag };
        var policies = new PolicyTable([new() { Sni = ["a.example"], UpstreamGroup = "policy", AdTag = Tag }], General, "everybody");
        Assert.Multiple(() =>
        {
            Assert.That(Chosen(rich, "a.example"), Is.EqualTo(("policy", Tag)));
            Assert.That(Chosen(rich, "b.example"), Is.EqualTo(("own", OtherTag)));
            Assert.That(Chosen(Alice, "b.example"), Is.EqualTo(("default", "everybody")));
            Assert.That(Chosen(Alice with { AdTag = OtherTag }, "b.example"), Is.EqualTo(("default", OtherTag)));
        });

        (string, string?) Chosen(UserSettings user, string sni)
        {
            var decision = policies.Decide(Subject(user, sni), 2);
            return (decision.UpstreamGroup, decision.AdTag);
        }
    }

    [Test]
    public void RefusalForAnyDc_DependsOnTheDc_IsNotCertain()
    {
        var media = Table(new PolicySettings { Dcs = [-2], Allow = false });
        var allBut = Table(new PolicySettings { Dcs = [2] }, new PolicySettings { Allow = false });
        Assert.Multiple(() =>
        {
            Assert.That(media.RefusalForAnyDc(Subject()), Is.Null);
            Assert.That(media.Decide(Subject(), -2).Allow, Is.False);
            Assert.That(media.Decide(Subject(), 2).Allow);
            Assert.That(allBut.RefusalForAnyDc(Subject()), Is.Null);
            Assert.That(allBut.Decide(Subject(), 2).Allow);
            Assert.That(allBut.Decide(Subject(), 3).Allow, Is.False);
        });
    }

    [Test]
    public void RefusalForAnyDc_WhateverTheDc_IsCertainAndNamesTheFirst()
    {
        var table = Table(
            new() { Users = ["bob"] },
            new() { Dcs = [2], Allow = false, Mask = Other },
            new() { Allow = false });
        Assert.Multiple(() =>
        {
            Assert.That(table.RefusalForAnyDc(Subject(Bob)), Is.Null);
            Assert.That(table.RefusalForAnyDc(Subject())?.Mask, Is.EqualTo(Other));
        });
    }

    /// <summary>What a client sees who is refused before the DC is known must never be a client who would have been served.</summary>
    [Test]
    public void RefusalForAnyDc_RandomTables_AgreesWithEveryDc([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        var dcs = Enumerable.Range(-6, 13).Select(dc => (short)dc).ToArray();
        for (var i = 0; i < 500; i++)
        {
            var table = new PolicyTable([.. Enumerable.Range(0, random.Next(6)).Select(_ => Random(random))], General, null);
            foreach (var user in (UserSettings[])[Alice, Bob])
            {
                var certain = table.RefusalForAnyDc(Subject(user));
                var refusedEverywhere = dcs.All(dc => !table.Decide(Subject(user), dc).Allow);
                Assert.That(certain is not null, Is.EqualTo(refusedEverywhere));
            }
        }

        static PolicySettings Random(Random random) => new()
        {
            Users = random.Next(2) == 0 ? [] : [random.Next(2) == 0 ? "alice" : "bob"],
            Dcs = random.Next(2) == 0 ? [] : [random.Next(-5, 6), random.Next(-5, 6)],
            Allow = random.Next(3) > 0 ? false : true,
        };
    }

    [Test]
    public void ForStranger_PoliciesThatASecretOrADcMatch_DoNotCount()
    {
        var table = Table(
            new() { Users = ["*"], Mask = General with { Host = "users.example" } },
            new() { Dcs = [2], Mask = General with { Host = "dcs.example" } },
            new() { Sni = ["b.example"], Mask = Other });
        Assert.Multiple(() =>
        {
            Assert.That(table.ForStranger("b.example", default).Mask, Is.EqualTo(Other));
            Assert.That(table.ForStranger("a.example", default).Mask, Is.SameAs(General));
            Assert.That(table.ForStranger(null, default).Mask, Is.SameAs(General));
            Assert.That(table.Decide(Subject(Bob), 3).Mask.Host, Is.EqualTo("users.example"), "\"*\" is every user");
        });
    }

    private static PolicyTable Table(params ImmutableArray<PolicySettings> policies) => new(policies, General, null);

    private static PolicySubject Subject(UserSettings? user = null, string? sni = null, string source = "192.0.2.1") =>
        new(user ?? Alice, sni, new ClientAddress(new IPEndPoint(IPAddress.Parse(source), 1000)));

    private static IPNetwork Network(byte[] bytes, int length)
    {
        var start = bytes.ToArray();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            start[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(start), length);
    }
}
