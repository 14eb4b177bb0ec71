using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Routing;

namespace Telemt.Tests.Core.Routing;

internal sealed class DcTableTests
{
    private static readonly Dictionary<int, ImmutableArray<EndPoint>> None = [];

    [TestCase(1, "149.154.175.50:443")]
    [TestCase(2, "149.154.167.51:443")]
    [TestCase(5, "149.154.171.5:443")]
    [TestCase(-4, "149.154.167.91:443")]
    [TestCase(203, "91.105.192.100:443")]
    [TestCase(10002, "149.154.167.40:443")]
    [TestCase(-10003, "149.154.175.117:443")]
    public void Find_KnownIndex_KeepsTheIndexAndStartsWithIpv4(int index, string first)
    {
        var route = new DcTable(None, 2).Find((short)index)!;
        Assert.That(route.Index, Is.EqualTo(index));
        Assert.That(route.Candidates(preferIpv6: false)[0].ToString(), Is.EqualTo(first));
    }

    [Test]
    public void Find_Ipv6Preferred_KeepsTheOtherFamilyAsFallback()
    {
        var route = new DcTable(None, 2).Find(2)!;
        Assert.That(
            route.Candidates(preferIpv6: true).Select(address => address.ToString()),
            Is.EqualTo(new[] { "[2001:67c:4e8:f002::a]:443", "149.154.167.51:443", "95.161.76.100:443" }));
    }

    [TestCase(0)]
    [TestCase(6)]
    [TestCase(-7)]
    [TestCase(32000)]
    public void Find_UnknownIndex_GoesToTheDefault(int index)
    {
        Assert.That(new DcTable(None, 4).Find((short)index)!.Index, Is.EqualTo(4));
        Assert.That(new DcTable(None, 0).Find((short)index), Is.Null);
    }

    [TestCase(254, -2)]
    [TestCase(251, -5)]
    public void Find_IndexWrittenAsOneSignedByte_IsTheMediaCentre(int written, int meant) =>
        Assert.That(new DcTable(None, 0).Find((short)written)!.Index, Is.EqualTo(meant));

    [Test]
    public void Find_OverriddenIndex_CoversMediaUnlessItHasItsOwn()
    {
        EndPoint two = new DnsEndPoint("two.example", 8443);
        EndPoint media = new IPEndPoint(IPAddress.Loopback, 1);
        var table = new DcTable(new Dictionary<int, ImmutableArray<EndPoint>> { [2] = [two], [3] = [two], [-3] = [media], [77] = [media] }, 2);
        Assert.Multiple(() =>
        {
            Assert.That(table.Find(2)!.Candidates(false), Is.EqualTo(new[] { two }));
            Assert.That(table.Find(-2)!.Candidates(false), Is.EqualTo(new[] { two }));
            Assert.That(table.Find(-3)!.Candidates(false), Is.EqualTo(new[] { media }));
            Assert.That(table.Find(3)!.Candidates(false), Is.EqualTo(new[] { two }));
            Assert.That(table.Find(77)!.Index, Is.EqualTo(77));
        });
    }
}
