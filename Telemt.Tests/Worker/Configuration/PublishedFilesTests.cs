using System.Net;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>The published sample files start as they are and mean what they say.</summary>
[TestFixture("seed-minimal.toml")]
[TestFixture("seed-all-appended.toml")]
internal sealed class PublishedFilesTests(string name)
{
    private ConfigurationReport _report = null!;

    private ProxySettings Settings => _report.Settings!;

    [OneTimeSetUp]
    public void Load() => _report = ConfigText.Load(ConfigText.Sample(name));

    [Test]
    public void PublishedFile_Unchanged_HasNoError()
        => Assert.That(_report.Errors, Is.Empty);

    [Test]
    public void PublishedFile_KeysBelowModes_MeanTheRoot()
        => Assert.Multiple(() =>
        {
            Assert.That(Settings.Port, Is.EqualTo(443));
            Assert.That(Settings.TlsDomains, Is.EqualTo(new[] { "petrovich.ru" }));
            Assert.That(Settings.ShowLinks, Is.EqualTo(new[] { "tele", "hello" }));
            Assert.That(Settings.Modes, Is.EqualTo(new ModeSettings(Classic: false, Secure: false, Tls: true)));
            Assert.That(Settings.Mask, Is.EqualTo(new MaskSettings(true, "petrovich.ru", 443)));
            Assert.That(Settings.PreferIpv6, Is.False);
            Assert.That(Settings.FastMode, Is.True);
            Assert.That(Settings.ClientKeepalive, Is.EqualTo(TimeSpan.FromSeconds(600)));
            Assert.That(Settings.ClientAckTimeout, Is.EqualTo(TimeSpan.FromSeconds(300)));
            Assert.That(Settings.Users.Users.Select(user => user.Name), Is.EqualTo(new[] { "tele", "hello" }));
        });

    [Test]
    public void PublishedFile_PlaceholderSecrets_Warn()
        => Assert.That(
            _report.Warnings.Where(warning => warning.Problem.Contains("placeholder secret")).Select(warning => (warning.Key, warning.Origin.Line)),
            Is.EqualTo(new[] { ("users.tele", 5), ("users.hello", 6) }));

    [Test]
    public void PublishedFile_LiftedKeys_WarnWithTheirLines()
    {
        var lifted = new List<(string, int)>
        {
            ("tls_domain", 13), ("mask", 14), ("mask_host", 15), ("mask_port", 16),
            ("prefer_ipv6", 18), ("fast_mode", 19), ("client_keepalive", 21), ("client_ack_timeout", 22),
        };
        if (name == "seed-all-appended.toml")
        {
            lifted.Add(("ad_tag", 42));
        }

        Assert.That(
            _report.Warnings.Where(warning => warning.Problem.Contains("where it has no meaning")).Select(warning => (warning.Key, warning.Origin.Line)),
            Is.EqualTo(lifted));
    }

    [Test]
    public void PublishedFile_AllAppended_AnnouncesItsAddress()
    {
        if (name == "seed-minimal.toml")
        {
            return;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Settings.Listeners.Single().Address, Is.EqualTo(IPAddress.Any));
            Assert.That(Settings.Listeners.Single().AnnounceIp, Is.EqualTo(IPAddress.Parse("1.2.3.4")));
            Assert.That(Settings.Upstreams.Select(upstream => upstream.Kind), Is.EqualTo(new[] { UpstreamKind.Direct, UpstreamKind.Socks5 }));
            Assert.That(Settings.Upstreams[1].Address, Is.EqualTo("1.2.3.4:1234"));
            Assert.That(_report.Warnings.Select(warning => warning.ToString()), Has.Some.Contains("telemt.toml:42:10: ad_tag: is all zeros"));
        });
    }
}
