using System.Net;
using System.Text;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration;
using Telemt.Worker.Import;

namespace Telemt.Tests.Worker.Import;

internal sealed class ImporterTests
{
    private const string One = "0123456789abcdef0123456789abcdef";
    private const string Two = "fedcba9876543210fedcba9876543210";

    [Test]
    public void Telemt_Whole_IsTakenOverKeyByKey()
    {
        var (settings, notes) = Import("old.toml", $$"""
            show_link = ["anna"]
            default_dc = 3
            [general]
            fast_mode = false
            use_middle_proxy = true
            ad_tag = "{{Two}}"
            middle_proxy_pool_size = 8
            log_level = "verbose"
            [general.modes]
            classic = false
            secure = true
            tls = true
            [general.links]
            public_host = "proxy.example.org"
            [network]
            prefer = 6
            [server]
            port = 8443
            max_connections = 4000
            [[server.listeners]]
            ip = "192.0.2.4"
            reuse_allow = false
            [server.api]
            listen = "127.0.0.1:9911"
            whitelist = ["127.0.0.0/8"]
            [timeouts]
            client_handshake = 20
            tg_connect = 7
            client_ack = 120
            [censorship]
            tls_domain = "site.example.org"
            mask_host = "198.51.100.9"
            mask_port = 8443
            mask_proxy_protocol = 2
            unknown_sni_action = "drop"
            tls_front_dir = "somewhere"
            [access]
            replay_check_len = 5000
            [access.users]
            anna = "{{One}}"
            boris = "{{Two}}"
            [access.user_max_tcp_conns]
            boris = 12
            [access.user_data_quota]
            boris = 5000000000
            [access.user_expirations]
            boris = "2078-01-01T00:00:00Z"
            [access.user_rate_limits.anna]
            up_bps = 8000
            down_bps = 16000
            [access.user_source_deny]
            anna = ["203.0.113.0/24"]
            [[upstreams]]
            type = "socks5"
            address = "198.51.100.7:1080"
            username = "u"
            password = "p"
            scopes = "me"
            [[upstreams]]
            type = "shadowsocks"
            url = "ss://x"
            [dc_overrides]
            203 = ["192.0.2.9:443"]
            """);

        Assert.Multiple(() =>
        {
            Assert.That(settings.ShowLinks, Is.EqualTo(new[] { "anna" }));
            Assert.That((settings.Modes.Classic, settings.Modes.Secure, settings.Modes.Tls), Is.EqualTo((false, true, true)));
            Assert.That(settings.TlsDomains, Is.EqualTo(new[] { "site.example.org" }));
            Assert.That((settings.Mask.Host, settings.Mask.Port), Is.EqualTo(("198.51.100.9", 8443)));
            Assert.That((settings.Fronting.ProxyProtocol, settings.Fronting.UnknownSni), Is.EqualTo((2, UnknownSni.Drop)));
            Assert.That(settings.Listeners.Select(each => (each.Address, each.Port, each.Announce)), Is.EqualTo(new[] { (IPAddress.Parse("192.0.2.4"), 8443, "proxy.example.org") }));
            Assert.That(settings.Control.Listen, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, 9911)));
            Assert.That((settings.Timeouts.Handshake.TotalSeconds, settings.Timeouts.Connect.TotalSeconds), Is.EqualTo((20, 7)));
            Assert.That((settings.Limits.MaxConnections, settings.Replay.Capacity), Is.EqualTo((4000, 5000)));
            Assert.That(settings.Upstreams.Select(each => each.Kind), Is.EqualTo(new[] { UpstreamKind.Socks5 }));

            var boris = settings.Users.FindByName("boris")!;
            Assert.That((boris.MaxConnections, boris.Quota, boris.QuotaPeriod), Is.EqualTo((12, 5_000_000_000L, QuotaPeriod.Total)));
            Assert.That(boris.Expires, Is.EqualTo(new DateTimeOffset(2078, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(settings.Users.FindByName("anna")!.Rate, Is.EqualTo(2000));
        });
        Assert.That(notes, Is.EqualTo(new[]
        {
            "old.toml:7: general.middle_proxy_pool_size has no counterpart here",
            "old.toml:22: server.listeners.reuse_allow has no counterpart here",
            "old.toml:36: censorship.tls_front_dir has no counterpart here",
            "old.toml:48: access.user_rate_limits.anna: one rate holds for each direction here; the larger one is taken",
            "old.toml:58: upstreams.scopes has no counterpart here",
            "old.toml:59: this upstream is left out: 'shadowsocks' is no way of this build; direct, socks4 and socks5 are",
        }));
    }

    [Test]
    public void Telemt_ApiBeyondLoopbackWithoutASecret_StaysAtHome()
    {
        var (settings, notes) = Import("old.toml", $"""
            [server.api]
            listen = "0.0.0.0:9091"
            [access.users]
            anna = "{One}"
            """);

        Assert.That(IPAddress.IsLoopback(settings.Control.Listen.Address));
        Assert.That(notes, Has.Some.Contains("old.toml:2: server.api.listen is not taken over"));
        Assert.That(notes, Has.Some.StartsWith("old.toml: names no censorship.tls_domain"));
    }

    [Test]
    public void Mtg_Whole_IsTakenOverKeyByKey()
    {
        var (settings, notes) = Import("mtg.toml", $$"""
            debug = true
            secret = "ee{{One}}{{Convert.ToHexStringLower("shop.example.org"u8)}}"
            bind-to = "0.0.0.0:3128"
            concurrency = 8192
            tcp-buffer = "4kb"
            prefer-ip = "only-ipv4"
            cloak-port = 993
            allow-fallback-on-unknown-dc = false
            [domain-fronting]
            host = "127.0.0.1"
            proxy-protocol = true
            [network]
            doh-ip = "9.9.9.9"
            proxies = ["socks5://me:a%40b@198.51.100.7:1080?open_threshold=5"]
            [network.public-ip]
            ipv4 = "203.0.113.7"
            ipv6 = ""
            [network.timeout]
            tcp = "1m5s"
            http = "10s"
            [defense.time]
            enabled = true
            allow-skewness = "250ms"
            [stats.prometheus]
            enabled = true
            bind-to = "127.0.0.1:3129"
            """);

        Assert.Multiple(() =>
        {
            Assert.That(settings.Users.Users.Single().Name, Is.EqualTo("mtg"));
            Assert.That(Convert.ToHexStringLower(settings.Users.Users.Single().Secret.Bytes), Is.EqualTo(One));
            Assert.That(settings.TlsDomains, Is.EqualTo(new[] { "shop.example.org" }));
            Assert.That(settings.Listeners.Select(each => each.Port), Is.All.EqualTo(3128));
            Assert.That((settings.Mask.Host, settings.Mask.Port, settings.Fronting.ProxyProtocol), Is.EqualTo(("127.0.0.1", 993, 2)));
            Assert.That(settings.Dcs.DefaultDc, Is.Zero);
            Assert.That(settings.Timeouts.Connect, Is.EqualTo(TimeSpan.FromSeconds(65)));
            Assert.That(settings.Replay.TimeSkew, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(settings.PublicAddress.Address, Is.EqualTo(IPAddress.Parse("203.0.113.7")));
            Assert.That(settings.Upstreams.Select(each => (each.Kind, each.Password)), Is.EqualTo(new[] { (UpstreamKind.Direct, (string?)null), (UpstreamKind.Socks5, "a@b") }));
        });
        Assert.That(notes, Is.EqualTo(new[]
        {
            "mtg.toml:5: tcp-buffer has no counterpart here",
            "mtg.toml:13: network.doh-ip has no counterpart here",
            "mtg.toml:25: stats.prometheus: figures are sent by OTLP here; set [telemetry] endpoint to a collector that gives them on",
        }));
    }

    [Test]
    public void Mtg_SecretsOfSeveralDomains_AreSaid()
    {
        var (settings, notes) = Import("mtg.toml", $$"""
            bind-to = "192.0.2.1:443"
            [secrets]
            anna = "ee{{One}}{{Convert.ToHexStringLower("shop.example.org"u8)}}"
            boris = "ee{{Two}}{{Convert.ToHexStringLower("else.example.org"u8)}}"
            """);

        Assert.That(settings.Users.Users.Select(user => user.Name), Is.EqualTo(new[] { "anna", "boris" }));
        Assert.That(settings.Listeners.Single().Address, Is.EqualTo(IPAddress.Parse("192.0.2.1")));
        Assert.That(notes, Has.Exactly(1).Contains("mtg.toml:4: secrets.boris has a domain of its own"));
    }

    [Test]
    public void Mtprotoproxy_Whole_IsTakenOverAndNothingIsExecuted()
    {
        var (settings, notes) = Import("config.py", $$"""
            # mine
            import os
            PORT = 443

            USERS = {
                "tg":  "{{One}}",   # the first
                'two': '{{Two}}',
                "bad": "123",
            }
            MODES = {"classic": False, "secure": True, "tls": True}
            TLS_DOMAIN = "shop.example.org"
            MASK_PORT = 8443
            AD_TAG = "{{Two}}"
            PROXY_PROTOCOL = True
            MY_DOMAIN = "proxy.example.org"
            SOCKS5_HOST = "198.51.100.7"
            SOCKS5_PORT = 1080
            SOCKS5_USER = None
            USER_MAX_TCP_CONNS = {"tg": 20}
            USER_EXPIRATIONS = {"two": "31/12/2036"}
            USER_DATA_QUOTA = {"tg": 10 * 1024}
            GET_TIME_PERIOD = 600
            PROMETHEUS_HOST = "0.0.0.0"
            TO_CLT_BUFSIZE = (16384, 100, 131072)
            if os.path.exists("/x"):
                PORT = 444
            PORT = 8443
            """);

        Assert.Multiple(() =>
        {
            Assert.That(settings.Listeners.Select(each => each.Port), Is.All.EqualTo(8443));
            Assert.That(settings.Users.Users.Select(user => (user.Name, user.MaxConnections)), Is.EquivalentTo(new[] { ("tg", (int?)20), ("two", null) }));
            Assert.That(settings.Users.FindByName("two")!.Expires, Is.EqualTo(new DateTimeOffset(2036, 12, 31, 0, 0, 0, TimeSpan.Zero)));
            Assert.That((settings.Modes.Classic, settings.Modes.Secure, settings.Modes.Tls), Is.EqualTo((false, true, true)));
            Assert.That(settings.Listeners.Select(each => (each.ProxyProtocol, each.Announce)), Is.All.EqualTo((true, "proxy.example.org")));
            Assert.That(settings.Upstreams.Single().Kind, Is.EqualTo(UpstreamKind.Socks5));
            Assert.That(Importer.Import("c.py", Encoding.UTF8.GetBytes("AD_TAG = '" + Two + "'\nUSERS = {'a': '" + One + "'}")).Text, Does.Contain($"ad_tag = \"{Two}\""));
        });
        Assert.That(notes.Select(note => note.Split(' ')[0] + " " + note.Split(' ')[1]), Is.EqualTo(new[]
        {
            "config.py:2: is", "config.py:8: user", "config.py:14: PROXY_PROTOCOL", "config.py:16: with", "config.py:21: is",
            "config.py:23: PROMETHEUS_HOST", "config.py:25: is",
        }));
    }

    [TestCase("8440 + 3")]
    [TestCase("8_4 43")]
    [TestCase("0x20fb")]
    [TestCase("84.43")]
    [TestCase("int('8443')")]
    [TestCase("PORT2")]
    [TestCase("8443; import os")]
    [TestCase("'84' '43'")]
    public void Mtprotoproxy_WhatIsNoPlainValue_IsNamedAndPassedOver(string value)
    {
        var (settings, notes) = Import("config.py", $$"""
            USERS = {"tg": "{{One}}"}
            PORT = {{value}}
            """);

        Assert.That(settings.Listeners.Select(each => each.Port), Is.All.EqualTo(3256));
        Assert.That(notes, Has.Exactly(1).StartsWith("config.py:2: is no plain assignment"));
    }

    [Test]
    public void Mtprotoproxy_LeftOut_HasItsOwnDefaults()
    {
        var (settings, _) = Import("config.py", $$"""USERS = {"tg": "{{One}}"}""");

        Assert.That(settings.Listeners.Select(each => each.Port), Is.All.EqualTo(3256));
        Assert.That((settings.Modes.Classic, settings.Modes.Secure, settings.Modes.Tls), Is.EqualTo((true, true, true)));
        Assert.That(settings.TlsDomains, Is.EqualTo(new[] { "www.google.com" }));
    }

    [Test]
    public void Ours_IsLeftAsItIs()
    {
        var text = $"# mine\ntls_domain = \"site.example.org\"\n[users]\nanna = \"{One}\"\n";

        var imported = Importer.Import("telemt.toml", Encoding.UTF8.GetBytes(text));

        Assert.That((imported.Text, imported.Notes.Count), Is.EqualTo((text, 0)));
    }

    [TestCase("x.toml", "what = 1\n", "of no form")]
    [TestCase("x.toml", "a = [\n", "x.toml:2")]
    [TestCase("config.py", "PORT = 443\n", "users")]
    [TestCase("mtg.toml", "secret = \"zz\"\nbind-to = \"0.0.0.0:1\"\n", "users")]
    public void Nothing_OfUse_IsAProblem(string path, string text, string expected)
    {
        var imported = Importer.Import(path, Encoding.UTF8.GetBytes(text));

        Assert.That(imported.Text, Is.Null);
        Assert.That(imported.Problem, Does.Contain(expected));
    }

    /// <summary>Cut anywhere and changed anywhere, it ends with a file that checks or a problem, and never throws.</summary>
    [Test]
    public void Any_Bytes_EndWell([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var sample = Encoding.UTF8.GetBytes(
            $$"""
            PORT = 443
            USERS = {"tg": "{{One}}", 'x\'': "{{Two}}"}  # c
            MODES = {"classic": False}
            def f():
                '''long " string'''
                return [1, (2,
            3)]
            TLS_DOMAIN = "a.example.org"
            """);
        for (var i = 0; i < 400; i++)
        {
            var bytes = sample[..random.Next(sample.Length + 1)];
            for (var n = random.Next(4); n > 0 && bytes.Length > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"'\"\\{}[](),:#\n =x9\u007f"[random.Next(18)];
            }

            var imported = Importer.Import("config.py", bytes);
            Assert.That(imported.Text is null, Is.EqualTo(imported.Problem is not null));
        }
    }

    private static (ProxySettings Settings, string[] Notes) Import(string path, string text)
    {
        var imported = Importer.Import(path, Encoding.UTF8.GetBytes(text));
        Assert.That(imported.Problem, Is.Null);
        var report = new SettingsLoader("telemt.toml", ConfigurationOverrides.None, () => HostFacts.None).Read(Encoding.UTF8.GetBytes(imported.Text!));
        Assert.That(report.Errors, Is.Empty, imported.Text);
        return (report.Settings!, [.. imported.Notes.Lines(path)]);
    }
}
