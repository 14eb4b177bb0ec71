using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.Worker.Sessions;

internal sealed class MaskResolverTests
{
    [TestCase("127.0.0.1", "127.0.0.1")]
    [TestCase("0.0.0.0", "127.0.0.1")]
    [TestCase("::", "::1")]
    [TestCase("127.0.0.1", "0.0.0.0", Description = "the kernel takes it for loopback")]
    [TestCase("0.0.0.0", "0.0.0.0")]
    [TestCase("::1", "::")]
    [TestCase("127.0.0.1", "::ffff:127.0.0.1")]
    [TestCase("192.0.2.1", "203.0.113.7", Description = "what links name")]
    [TestCase("192.0.2.1", "203.0.113.8", Description = "what links of this listener name")]
    public async Task Resolve_AnAddressThatLeadsToUs_IsRefused(string listener, string mask) =>
        Assert.That(await ResolveAsync(listener, mask, 443), Is.Empty);

    [TestCase("127.0.0.1", "127.0.0.2")]
    [TestCase("0.0.0.0", "::1", Description = "of the other family")]
    [TestCase("::", "127.0.0.1", Description = "bound for IPv6 only")]
    [TestCase("0.0.0.0", "198.51.100.1")]
    public async Task Resolve_AnotherAddressOfOurPort_IsTaken(string listener, string mask) =>
        Assert.That(await ResolveAsync(listener, mask, 443), Is.EqualTo(new[] { new IPEndPoint(IPAddress.Parse(mask), 443) }));

    [Test]
    public async Task Resolve_OurAddressAtAnotherPort_IsTaken() =>
        Assert.That(await ResolveAsync("0.0.0.0", "127.0.0.1", 8443), Is.EqualTo(new[] { new IPEndPoint(IPAddress.Loopback, 8443) }));

    private static async Task<IEnumerable<EndPoint>> ResolveAsync(string listener, string mask, int port)
    {
        var clock = new ManualTimeProvider();
        var resolver = new MaskResolver(clock, new LocalAddresses(clock), NullLogger<MaskResolver>.Instance);
        var settings = Samples.Settings() with
        {
            Listeners = [new ListenerSettings { Address = IPAddress.Parse(listener), Port = 443, AnnounceIp = IPAddress.Parse("203.0.113.8") }],
            PublicAddress = new PublicAddressSettings(IPAddress.Parse("203.0.113.7"), null),
            Mask = new MaskSettings(Enabled: true, mask, port),
        };
        return await resolver.ResolveAsync(settings, mask, port, 1000);
    }
}
