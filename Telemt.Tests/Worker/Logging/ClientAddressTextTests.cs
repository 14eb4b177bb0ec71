using System.Net;
using Telemt.Core;
using Telemt.Core.Settings;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class ClientAddressTextTests
{
    [TestCase("192.0.2.77", ClientIps.Full, "192.0.2.77")]
    [TestCase("192.0.2.77", ClientIps.Prefix, "192.0.2.0/24")]
    [TestCase("192.0.2.77", ClientIps.None, "-")]
    [TestCase("::ffff:192.0.2.77", ClientIps.Full, "192.0.2.77")]
    [TestCase("::ffff:192.0.2.77", ClientIps.Prefix, "192.0.2.0/24")]
    [TestCase("2001:db8:1:2:3:4:5:6", ClientIps.Full, "2001:db8:1:2:3:4:5:6")]
    [TestCase("2001:db8:1:2:3:4:5:6", ClientIps.Prefix, "2001:db8:1::/48")]
    [TestCase("2001:db8:1:2:3:4:5:6", ClientIps.None, "-")]
    public void ToString_OfAnAddress_ShowsWhatIsAllowed(string address, ClientIps show, string expected) =>
        Assert.That(new ClientAddressText(new ClientAddress(new IPEndPoint(IPAddress.Parse(address), 4711)), show).ToString(), Is.EqualTo(expected));

    [Test]
    public void ToString_WithoutAnAddress_IsADash([Values] ClientIps show) =>
        Assert.That(new ClientAddressText(default, show).ToString(), Is.EqualTo("-"));
}
