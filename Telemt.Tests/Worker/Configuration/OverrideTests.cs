using System.Net;
using System.Text;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>Environment variables go before the file, options of the command line before both.</summary>
[TestFixture]
internal sealed class OverrideTests
{
    [Test]
    public void Variable_OfARootKey_GoesBeforeTheFile()
        => Assert.That(ConfigText.Settings(ConfigText.Least + "port = 1", ("TELEMT__port", "8443")).Port, Is.EqualTo(8443));

    [Test]
    public void Option_GoesBeforeVariableAndFile()
    {
        var overrides = ConfigText.Overrides(("TELEMT__port", "2")).WithOption("port", "3", "--port");
        var report = new SettingsLoader(ConfigText.Path, overrides, () => HostFacts.None).Read(Encoding.UTF8.GetBytes(ConfigText.Least + "port = 1"));
        Assert.That(report.Settings!.Port, Is.EqualTo(3));
    }

    [Test]
    public void Variables_OfEveryShape_AreUnderstood()
    {
        var settings = ConfigText.Settings(
            ConfigText.Least + "[[listeners]]\nip = \"0.0.0.0\"\n",
            ("TELEMT__MODES__CLASSIC", "true"),
            ("TELEMT__modes__tls", "False"),
            ("TELEMT__timeouts__idle", "90s"),
            ("TELEMT__limits__memory", "64MiB"),
            ("TELEMT__show_links", "alice, Bob"),
            ("TELEMT__tls_domains__0", "b.example.com"),
            ("TELEMT__tls_domains__1", "c.example.com"),
            ("TELEMT__users__Bob", "fedcba9876543210fedcba9876543210"),
            ("TELEMT__users__carol__secret", "00112233445566778899aabbccddeeff"),
            ("TELEMT__users__carol__enabled", "false"),
            ("TELEMT__listeners__0__port", "8443"),
            ("TELEMT__listeners__1__ip", "::1"),
            ("TELEMT__dc_overrides__2", "10.0.0.1:443,[::1]:444"),
            ("TELEMT__logging__levels__Telemt", "debug"),
            ("OTHER__port", "1"),
            ("TELEMT__", "1"));
        Assert.Multiple(() =>
        {
            Assert.That(settings.Modes, Is.EqualTo(new ModeSettings(Classic: true, Secure: false, Tls: false)));
            Assert.That(settings.Timeouts.Idle, Is.EqualTo(TimeSpan.FromSeconds(90)));
            Assert.That(settings.Limits.Memory, Is.EqualTo(64 << 20));
            Assert.That(settings.ShowLinks, Is.EqualTo(new[] { "alice", "Bob" }));
            Assert.That(settings.TlsDomains, Is.EqualTo(new[] { "www.example.com", "b.example.com", "c.example.com" }));
            Assert.That(settings.Users.Users.Select(user => (user.Name, user.Enabled)), Is.EqualTo(new[] { ("alice", true), ("Bob", true), ("carol", false) }));
            Assert.That(settings.Listeners.Select(listener => $"{listener.Address}:{listener.Port}"), Is.EqualTo(new[] { "0.0.0.0:8443", "::1:443" }));
            Assert.That(settings.Dcs.Overrides[2], Is.EqualTo(new EndPoint[] { new IPEndPoint(IPAddress.Parse("10.0.0.1"), 443), new IPEndPoint(IPAddress.IPv6Loopback, 444) }));
            Assert.That(settings.Logging.Levels.Single(), Is.EqualTo(KeyValuePair.Create("Telemt", LogThreshold.Debug)));
        });
    }

    [Test]
    public void Variable_InCapitals_FindsWhatTheFileHas()
    {
        var settings = ConfigText.Settings(
            ConfigText.Least + "[modes]\nsecure = true\n",
            ("TELEMT__MODES__CLASSIC", "true"),
            ("TELEMT__USERS__ALICE", "fedcba9876543210fedcba9876543210"));
        Assert.Multiple(() =>
        {
            Assert.That(settings.Modes, Is.EqualTo(new ModeSettings(Classic: true, Secure: true, Tls: true)));
            Assert.That(settings.Users.Users.Select(user => (user.Name, user.Secret.Bytes[0])), Is.EqualTo(new[] { ("alice", (byte)0xfe) }));
        });
    }

    [Test]
    public void Variable_GoesBeforeALiftedKey()
        => Assert.That(ConfigText.Settings(ConfigText.Least + "[modes]\nport = 1", ("TELEMT__port", "2")).Port, Is.EqualTo(2));

    [TestCase("TELEMT__port", "x", "environment variable TELEMT__port: port: is text; give a whole number from 1 to 65535")]
    [TestCase("TELEMT__mask", "maybe", "environment variable TELEMT__mask: mask: is text; give true or false")]
    [TestCase("TELEMT__users__bob", "12", "environment variable TELEMT__users__bob: users.bob: is 2 hexadecimal digits long")]
    [TestCase("TELEMT__port__x", "1", "environment variable TELEMT__port__x: port.x: leads nowhere")]
    [TestCase("TELEMT__tls_domains__3", "a.example", "environment variable TELEMT__tls_domains__3: tls_domains.3: leads nowhere")]
    [TestCase("TELEMT__users__alice__enabled", "true", "users.alice.enabled: leads nowhere")]
    public void Variable_ThatDoesNotFit_IsAnErrorWithItsName(string name, string value, string expected)
    {
        const string Text = ConfigText.Least + "port = 1";
        Assert.That(ConfigText.Errors(Text, (name, value)), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));
    }

    [Test]
    public void Variable_OfAnUnknownKey_Warns()
        => Assert.That(
            ConfigText.Load(ConfigText.Least, ("TELEMT__prot", "1")).Warnings.Single().ToString(),
            Is.EqualTo("environment variable TELEMT__prot: prot: is unknown and has no effect; did you mean \"port\"?"));
}
