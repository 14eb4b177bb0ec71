using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

[TestFixture]
internal sealed class ReadingRulesTests
{
    private const string Other = "fedcba9876543210fedcba9876543210";

    [TestCase("[modes]\nprefer_ipv6 = true")]
    [TestCase("[timeouts]\nprefer_ipv6 = true")]
    [TestCase("[users]\nprefer_ipv6 = true", Description = "names of root keys are no user names")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nprefer_ipv6 = true")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\n[[listeners]]\nip = \"::\"\nprefer_ipv6 = true")]
    [TestCase("[dc_overrides]\nprefer_ipv6 = true")]
    [TestCase("[logging.levels]\nprefer_ipv6 = true")]
    [TestCase("[telemetry.headers]\nprefer_ipv6 = true")]
    public void RootKey_InATable_IsLiftedWithAWarningOfItsLine(string text)
    {
        var least = text.StartsWith("[users]")
            ? "tls_domain = \"www.example.com\"\n[users]\nalice = \"0123456789abcdef0123456789abcdef\"\n" + text["[users]\n".Length..]
            : ConfigText.Least + text;
        var line = least.Split('\n').Index().Last(item => item.Item.StartsWith("prefer_ipv6")).Index + 1;
        var report = ConfigText.Load(least);
        Assert.Multiple(() =>
        {
            Assert.That(report.Settings?.PreferIpv6, Is.True);
            Assert.That(report.Warnings.Select(warning => warning.ToString()), Has.One.StartsWith($"telemt.toml:{line}:1: prefer_ipv6: stands in ["));
        });
    }

    [Test]
    public void RootTable_InATable_IsLifted()
        => Assert.That(ConfigText.Settings(ConfigText.Least + "[modes.timeouts]\nidle = 7").Timeouts.Idle, Is.EqualTo(TimeSpan.FromSeconds(7)));

    [Test]
    public void Key_WithAMeaningInItsTable_StaysThere()
    {
        var report = ConfigText.Load(ConfigText.Least + "[[listeners]]\nip = \"0.0.0.0\"\nport = 8443\n[limits]\nrate = \"1MB/s\"");
        Assert.Multiple(() =>
        {
            Assert.That(report.Settings!.Port, Is.EqualTo(443));
            Assert.That(report.Settings.Listeners.Single().Port, Is.EqualTo(8443));
            Assert.That(report.Warnings, Is.Empty);
        });
    }

    [Test]
    public void RootKey_AtTheRootAndInATable_IsAnErrorWithBothLines()
        => Assert.That(
            ConfigText.Errors(ConfigText.Least + "port = 1\n[modes]\nport = 2"),
            Is.EqualTo(new[] { "telemt.toml:5:1: port: stands twice, in line 3 too; keep one of them" }));

    [TestCase("show_link = [\"alice\"]")]
    [TestCase("show_link = \"alice\"")]
    [TestCase("show_links = \"alice\"")]
    [TestCase("[modes]\nshow_link = [\"alice\"]")]
    public void ShowLinks_UnderEitherName_IsRead(string text)
        => Assert.That(ConfigText.Settings(ConfigText.Least + text).ShowLinks, Is.EqualTo(new[] { "alice" }));

    [Test]
    public void ShowLinks_UnderBothNames_IsAnError()
        => Assert.That(ConfigText.Errors(ConfigText.Least + "show_link = []\nshow_links = []"), Has.Length.EqualTo(1).And.ItemAt(0).Contains("stands twice"));

    [TestCase("prot = 1", "telemt.toml:3:1: prot: is unknown and has no effect; did you mean \"port\"?")]
    [TestCase("Port = 1", "Port: is unknown and has no effect; did you mean \"port\"?")]
    [TestCase("tls_domian = \"a.example\"", "did you mean \"tls_domain\"?")]
    [TestCase("idle = 1", "idle: is unknown and has no effect; it belongs below [timeouts]")]
    [TestCase("secret = \"1\"", "it belongs below [users]")]
    [TestCase("announce = \"1\"", "it belongs below [[listeners]]")]
    [TestCase("zzzzzz = 1", "zzzzzz: is unknown and has no effect; remove it")]
    [TestCase("[timeout]\nidle = 1", "telemt.toml:3:2: timeout: is unknown and has no effect; did you mean \"timeouts\"?")]
    [TestCase("[timeouts]\nidel = 1", "telemt.toml:4:1: timeouts.idel: is unknown and has no effect; did you mean \"idle\"?")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nexpire = 1", "users.bob.expire: is unknown and has no effect; did you mean \"expires\"?")]
    public void UnknownKey_Unless_Strict_WarnsWithTheNearestName(string text, string expected)
    {
        var strict = "strict = true\n" + ConfigText.Least + text;
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Errors(ConfigText.Least + text), Is.Empty);
            Assert.That(ConfigText.Warnings(ConfigText.Least + text), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));
            Assert.That(ConfigText.Errors(strict), Has.Length.EqualTo(1).And.ItemAt(0).Contains("is unknown, and strict = true"));
        });
    }

    [Test]
    public void UserNames_KeepTheirCase()
        => Assert.That(ConfigText.Settings("tls_domain = \"a.example\"\nusers.\"Ünï Ödd\" = \"" + Other + "\"").Users.Users.Single().Name, Is.EqualTo("Ünï Ödd"));

    [Test]
    public void ShownUser_WhoIsNotThere_WarnsWithTheNearestName()
        => Assert.That(
            ConfigText.Warnings(ConfigText.Least + "show_links = [\"alise\", \"*\"]"),
            Is.EqualTo(new[] { "telemt.toml:3:14: show_links: there is no user \"alise\"; did you mean \"alice\"?" }));

    [TestCase("users.bob = \"dd" + Other + "\"")]
    [TestCase("users.bob = \"ee" + Other + "7777772e6578616d706c652e636f6d\"")]
    [TestCase("users.bob = \"FEDCBA9876543210FEDCBA9876543210\"")]
    [TestCase("users.bob = \"_ty6mHZUMhD-3LqYdlQyEA\"")]
    [TestCase("[users.bob]\nsecret = \"dd" + Other + "\"")]
    public void Secret_InAnyForm_IsReducedToItsKey(string text)
        => Assert.That(ConfigText.Settings(ConfigText.Least + text).Users.Users[1].Secret.Bytes.ToArray(), Is.EqualTo(Convert.FromHexString(Other)));

    [Test]
    public void PlaceholderSecrets_OfTwoUsers_OnlyWarn()
    {
        const string Zero = "\"00000000000000000000000000000000\"";
        var report = ConfigText.Load($"tls_domain = \"a.example\"\nusers.a = {Zero}\nusers.b = {Zero}");
        Assert.Multiple(() =>
        {
            Assert.That(report.IsValid);
            Assert.That(report.Warnings.Select(warning => warning.Key), Is.EqualTo(new[] { "users.a", "users.b" }));
        });
    }

    [TestCase("ad_tag = \"00000000000000000000000000000000\"")]
    [TestCase("[[upstreams]]\nad_tag = \"00000000000000000000000000000000\"")]
    public void PlaceholderAdTag_CountsAsNoneWithAWarning(string text)
        => Assert.That(ConfigText.Warnings(ConfigText.Least + text), Has.One.Contains("ad_tag: is all zeros and counts as none"));

    [Test]
    public void Domain_BeyondAsciiOrInCapitals_IsReadAsItsWireForm()
        => Assert.That(
            ConfigText.Settings("tls_domain = \"WWW.Bücher.example.\"\nusers.a = \"" + Other + "\"").TlsDomains,
            Is.EqualTo(new[] { "www.xn--bcher-kva.example" }));

    [Test]
    public void Domains_NamedTwice_CountOnceWithAWarning()
    {
        const string Text = ConfigText.Least + "tls_domains = [\"b.example.com\", \"WWW.example.com\"]";
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Settings(Text).TlsDomains, Is.EqualTo(new[] { "www.example.com", "b.example.com" }));
            Assert.That(ConfigText.Warnings(Text), Has.Length.EqualTo(1).And.ItemAt(0).Contains("\"www.example.com\" is named twice"));
        });
    }

    [Test]
    public void Domain_TooShortForSomeClients_Warns()
        => Assert.That(ConfigText.Warnings("tls_domain = \"t.e\"\nusers.a = \"" + Other + "\""), Has.One.Contains("\"t.e\" is so short"));

    [Test]
    public void Listeners_WithoutAny_AreOneForEachFamilyOnThePort()
    {
        var listeners = ConfigText.Settings(ConfigText.Least + "port = 8443").Listeners;
        Assert.Multiple(() =>
        {
            Assert.That(listeners.Select(listener => $"{listener.Address} {listener.Port}"), Is.EqualTo(new[] { "0.0.0.0 8443", ":: 8443" }));
            Assert.That(listeners.Select(listener => listener.IsDefault), Has.All.True);
        });
    }

    [Test]
    public void State_WithoutAKey_IsWhatSystemdGives()
    {
        var host = new HostFacts([], "/var/lib/telemt");
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Load(ConfigText.Least, host).Settings!.State, Is.EqualTo("/var/lib/telemt"));
            Assert.That(ConfigText.Load(ConfigText.Least + "state = \"/srv\"", host).Settings!.State, Is.EqualTo("/srv"));
            Assert.That(ConfigText.Settings(ConfigText.Least).State, Is.Null);
        });
    }

    [Test]
    public void Defaults_FillWhatAUserLeavesOut()
    {
        var users = ConfigText.Settings(ConfigText.Least + """
            [users.bob]
            secret = "fedcba9876543210fedcba9876543210"
            enabled = true
            quota = 0
            [defaults]
            enabled = false
            quota = "1GB"
            """).Users.Users;
        Assert.Multiple(() =>
        {
            Assert.That(users.Select(user => (user.Enabled, user.Quota)), Is.EqualTo(new (bool, long?)[] { (false, 1_000_000_000), (true, null) }));
        });
    }

    [TestCase("2036-12-31", "2037-01-01T00:00:00Z")]
    [TestCase("\"2036-12-31\"", "2037-01-01T00:00:00Z")]
    [TestCase("2036-12-31T12:30:00", "2036-12-31T12:30:00Z")]
    [TestCase("2036-12-31T12:30:00+02:00", "2036-12-31T10:30:00Z")]
    [TestCase("\"2036-12-31 12:30Z\"", "2036-12-31T12:30:00Z")]
    [TestCase("9999-12-31", "9999-12-31T23:59:59.9999999Z")]
    public void Expires_AsDateOrTime_IsReadInUtc(string value, string expected)
        => Assert.That(
            ConfigText.Settings(ConfigText.Least + $"[users.bob]\nsecret = \"{Other}\"\nexpires = {value}").Users.Users[1].Expires,
            Is.EqualTo(DateTimeOffset.Parse(expected)));
}
