using System.Net;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class PublicRangeTests
{
    [TestCase("8.8.8.8", true)]
    [TestCase("100.63.255.255", true)]
    [TestCase("100.64.0.1", false)]
    [TestCase("172.15.0.1", true)]
    [TestCase("172.31.255.255", false)]
    [TestCase("172.32.0.1", true)]
    [TestCase("10.1.2.3", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("192.168.1.1", false)]
    [TestCase("169.254.1.1", false)]
    [TestCase("198.19.255.1", false)]
    [TestCase("203.0.113.5", false)]
    [TestCase("223.255.255.1", true)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    [TestCase("0.0.0.0", false)]
    [TestCase("::ffff:8.8.8.8", true)]
    [TestCase("::ffff:10.0.0.1", false)]
    [TestCase("::", false)]
    [TestCase("::1", false)]
    [TestCase("fe80::1", false)]
    [TestCase("fd00::1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("2001::1", false)]
    [TestCase("2002:102:304::1", false)]
    [TestCase("2a00:1450::1", true)]
    [TestCase("2001:67c:4e8:f002::a", true)]
    public void Contains_OnlyWhatTheInternetRoutes(string address, bool expected) =>
        Assert.That(PublicRange.Contains(IPAddress.Parse(address)), Is.EqualTo(expected));
}
