using System.Net;
using System.Net.Sockets;
using Telemt.Core.Settings;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class PublicAddressFinderTests
{
    private static readonly PublicAddressSettings Auto = new(null, null);
    private static readonly IPAddress V4 = IPAddress.Parse("8.8.4.4");
    private static readonly IPAddress V6 = IPAddress.Parse("2a00:1450::1");
    private static readonly IPAddress Private = IPAddress.Parse("192.168.1.5");

    [Test]
    public void FindHere_WhenTheOperatorSays_IsThat()
    {
        Assert.That(Finder(V4, V6).FindHere(Auto with { Address = IPAddress.Parse("9.9.9.9") }).ToString(), Is.EqualTo("9.9.9.9"));
        Assert.That(Finder(V4, V6).FindHere(Auto with { Address = IPAddress.Parse("2620:fe::9") }).ToString(), Is.EqualTo("2620:fe::9"));
    }

    [Test]
    public void FindHere_WithPublicRoutes_IsBoth()
    {
        var here = Finder(V4, V6).FindHere(Auto);

        Assert.That(here, Is.EqualTo(new PublicAddresses(V4, V6)));
        Assert.That(PublicAddressFinder.NeedsLookup(Auto, here), Is.False);
    }

    [Test]
    public void FindHere_BehindTranslation_LeavesIpv4Open()
    {
        var here = Finder(Private, V6).FindHere(Auto);

        Assert.That(here, Is.EqualTo(new PublicAddresses(null, V6)));
        Assert.That(PublicAddressFinder.NeedsLookup(Auto, here), Is.True);
    }

    [Test]
    public void FindHere_WithAUrl_BelievesOnlyTheUrl()
    {
        var settings = Auto with { LookupUrl = new Uri("https://example.com") };

        Assert.That(Finder(V4, V6).FindHere(settings), Is.EqualTo(PublicAddresses.Unknown));
        Assert.That(PublicAddressFinder.NeedsLookup(settings, PublicAddresses.Unknown), Is.True);
    }

    [Test]
    public async Task LookUp_OfAnAnswer_CompletesWhatIsKnown()
    {
        var here = new PublicAddresses(null, V6);

        Assert.That(await Finder(null, null, V4).LookUpAsync(Auto, here, CancellationToken.None), Is.EqualTo(new PublicAddresses(V4, V6)));
        Assert.That(await Finder(null, null, null).LookUpAsync(Auto, here, CancellationToken.None), Is.EqualTo(here));
        Assert.That(
            await Finder(null, null, V6).LookUpAsync(Auto, PublicAddresses.Unknown, CancellationToken.None),
            Is.EqualTo(new PublicAddresses(null, V6)));
    }

    [Test]
    public void RoutedAddress_OnThisHost_IsOneOfItsOwnOrNone() =>
        Assert.That(RoutedAddress.Find(AddressFamily.InterNetwork), Is.Null.Or.Property(nameof(IPAddress.AddressFamily)).EqualTo(AddressFamily.InterNetwork));

    private static PublicAddressFinder Finder(IPAddress? v4, IPAddress? v6, IPAddress? seen = null) =>
        new(family => family == AddressFamily.InterNetwork ? v4 : v6, new FakeLookup { Answer = seen });
}
