using System.Net;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class LinkListTests
{
    private static readonly PublicAddresses Both = new(IPAddress.Parse("8.8.4.4"), IPAddress.Parse("2a00:1450::1"));

    [Test]
    public void Shown_OfTheSampleFile_NamesDomainAndBothAddresses()
    {
        var links = LinkList.Shown(LinkSettings.Create() with { ShowLinks = ["tele"] }, Both).ToArray();

        const string Secret = "ee" + LinkSettings.TeleKey + "706574726f766963682e7275";
        Assert.That(links.Select(link => link.User), Is.All.EqualTo("tele"));
        Assert.That(
            links.Select(link => link.Link.ToTg()),
            Is.EqualTo(new[]
            {
                $"tg://proxy?server=8.8.4.4&port=443&secret={Secret}",
                $"tg://proxy?server=2a00%3A1450%3A%3A1&port=443&secret={Secret}",
            }));
        Assert.That(links[0].Link.ToHttps(), Is.EqualTo($"https://t.me/proxy?server=8.8.4.4&port=443&secret={Secret}"));
    }

    [Test]
    public void Shown_OfAStar_IsEveryoneWhoIsEnabled()
    {
        var settings = LinkSettings.Create();
        settings = settings with
        {
            Users = new UserDirectory([.. settings.Users.Users, LinkSettings.User("off", LinkSettings.TeleKey) with { Enabled = false }]),
        };

        Assert.That(LinkList.Shown(settings, Both).Select(link => link.User).Distinct(), Is.EqualTo(new[] { "tele", "hello" }));
    }

    [Test]
    public void Shown_OfNobody_IsEmpty() => Assert.That(LinkList.Shown(LinkSettings.Create() with { ShowLinks = [] }, Both), Is.Empty);

    [Test]
    public void Shown_OfEveryMode_HasEachOnceAndEachDomain()
    {
        var settings = LinkSettings.Create() with
        {
            ShowLinks = ["tele"],
            Modes = new ModeSettings(true, true, true),
            TlsDomains = ["a.example", "b.example"],
            Listeners = [LinkSettings.Listener("0.0.0.0")],
        };

        Assert.That(
            LinkList.Shown(settings, Both).Select(link => (link.Mode, link.Domain)),
            Is.EqualTo(new[]
            {
                (ClientMode.Classic, ""), (ClientMode.Secure, ""), (ClientMode.Tls, "a.example"), (ClientMode.Tls, "b.example"),
            }));
    }

    [Test]
    public void Servers_ByListener_PreferTheirOwnWord()
    {
        var servers = Servers(
            Both,
            LinkSettings.Listener("0.0.0.0") with { Announce = "proxy.example", AnnounceIp = IPAddress.Parse("1.2.3.4") },
            LinkSettings.Listener("0.0.0.0", 8443) with { AnnounceIp = IPAddress.Parse("1.2.3.4") },
            LinkSettings.Listener("9.9.9.9"),
            LinkSettings.Listener("10.0.0.1", 444),
            LinkSettings.Listener(null) with { UnixPath = "/run/telemt.sock", Port = 445 },
            LinkSettings.Listener(null) with { UnixPath = "/run/telemt2.sock", Port = 446, Announce = "front.example" });

        Assert.That(
            servers,
            Is.EqualTo(new[]
            {
                ("proxy.example", 443), ("1.2.3.4", 8443), ("9.9.9.9", 443), ("8.8.4.4", 444), ("front.example", 446),
            }));
    }

    [Test]
    public void Servers_WithOneFamilyKnown_LeavesTheOtherOut() => Assert.That(
        Servers(Both with { V6 = null }, LinkSettings.Listener("0.0.0.0"), LinkSettings.Listener("::")),
        Is.EqualTo(new[] { ("8.8.4.4", 443) }));

    [Test]
    public void Servers_WithNothingKnown_IsThePlaceholderOnceAPort() => Assert.That(
        Servers(PublicAddresses.Unknown, LinkSettings.Listener("0.0.0.0"), LinkSettings.Listener("::"), LinkSettings.Listener("::", 8443)),
        Is.EqualTo(new[] { (LinkList.Placeholder, 443), (LinkList.Placeholder, 8443) }));

    private static IEnumerable<(string Host, int Port)> Servers(PublicAddresses addresses, params ListenerSettings[] listeners) =>
        LinkList.Servers(LinkSettings.Create() with { Listeners = [.. listeners] }, addresses);
}
