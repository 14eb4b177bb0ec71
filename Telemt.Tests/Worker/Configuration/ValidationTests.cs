namespace Telemt.Tests.Worker.Configuration;

/// <summary>Each mistake gives one error with its place, key, problem and cure. {0} stands for the two lines of the least valid file.</summary>
[TestFixture]
internal sealed class ValidationTests
{
    private const string Other = "fedcba9876543210fedcba9876543210";

    [TestCase("port = 70000", "telemt.toml:3:8: port: 70000 is out of range; give a whole number from 1 to 65535")]
    [TestCase("port = 0", "telemt.toml:3:8: port: 0 is out of range; give a whole number from 1 to 65535")]
    [TestCase("port = \"443\"", "telemt.toml:3:8: port: is text; give a whole number from 1 to 65535, without quotes")]
    [TestCase("port = 44.3", "telemt.toml:3:8: port: is a decimal number; give a whole number from 1 to 65535")]
    [TestCase("port = [443]", "telemt.toml:3:8: port: is a list; give a whole number from 1 to 65535")]
    [TestCase("mask = \"true\"", "telemt.toml:3:8: mask: is text; give true or false, without quotes")]
    [TestCase("fast_mode = 1", "telemt.toml:3:13: fast_mode: is a number; give true or false")]
    [TestCase("public_ip = \"not an address\"", "telemt.toml:3:13: public_ip: \"not an address\" does not fit; give \"auto\", an address, or a URL that answers one")]
    [TestCase("mask_host = \"www.example.com:8443\"", "the port belongs in mask_port")]
    [TestCase("mask_host = \"https://www.example.com\"", "a URL is no host name")]
    [TestCase("mask_port = 65536", "telemt.toml:3:13: mask_port: 65536 is out of range")]
    [TestCase("tls_domains = [\"a.example\", \"192.0.2.1\"]", "telemt.toml:3:29: tls_domains: \"192.0.2.1\" does not fit: an address is no host name")]
    [TestCase("tls_domains = [\"-bad-.example\"]", "\"-bad-.example\" is no host name")]
    [TestCase("client_keepalive = \"soon\"", "client_keepalive: is no duration; give seconds or a text such as \"90s\", \"5m\" or \"1h\", from 0 to 1d")]
    [TestCase("client_keepalive = -1", "client_keepalive: is out of range")]
    [TestCase("ad_tag = \"xyz\"", "ad_tag: is no ad tag (3 characters); give the 32 hexadecimal digits that @MTProxybot gives")]
    [TestCase("default_dc = 77", "default_dc: DC 77 has no address; give a DC from 1 to 5, one of [dc_overrides], or 0 to refuse")]
    [TestCase("state = \"\"", "state: is empty; give a path")]
    [TestCase("[timeouts]\nidle = 0", "telemt.toml:4:8: timeouts.idle: is out of range")]
    [TestCase("[timeouts]\nidle = \"31d\"", "timeouts.idle: is out of range")]
    [TestCase("[limits]\nmemory = \"1KB\"", "limits.memory: is too small; give \"auto\" or bytes or a text such as \"64KB\", \"10GB\" or \"4MiB\", at least 1MiB")]
    [TestCase("[limits]\nrate = \"fast\"", "limits.rate: is no rate")]
    [TestCase("[limits]\nmax_connections = -1", "limits.max_connections: -1 is out of range; give a whole number from 0")]
    [TestCase("[replay]\ncapacity = 0", "replay.capacity: 0 is out of range")]
    [TestCase("[fronting]\nunknown_sni = \"masked\"", "\"masked\" does not fit (did you mean \"mask\"?); give one of \"mask\", \"accept\", \"drop\"")]
    [TestCase("[logging]\nlevel = \"loud\"", "logging.level: \"loud\" does not fit; give one of \"trace\", \"debug\"")]
    [TestCase("[logging.levels]\nmain = \"loud\"", "telemt.toml:4:8: logging.levels.main: \"loud\" does not fit")]
    [TestCase("[telemetry]\nsample = 2", "telemetry.sample: is out of range; give a number from 0 to 1")]
    [TestCase("[telemetry]\nendpoint = \"localhost:4317\"", "telemetry.endpoint: \"localhost:4317\" does not fit; give a URL")]
    [TestCase("timeouts = 5", "telemt.toml:3:12: timeouts: is a number; write [timeouts] in a line of its own and the keys below it")]
    [TestCase("[[timeouts]]\nidle = 5", "timeouts: is a list; write [timeouts] in a line of its own")]
    [TestCase("[listeners]\nip = \"0.0.0.0\"", "listeners: is a table; write [[listeners]] in a line of its own")]
    [TestCase("[modes]\ntls = false", "telemt.toml:4:7: modes: all are off, so that nobody can come in; set one of them to true")]
    public void Value_ThatDoesNotFit_IsOneErrorWithPlaceAndCure(string text, string expected)
        => Assert.That(ConfigText.Errors(ConfigText.Least + text), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));

    [TestCase("users.bob = \"0123\"", "telemt.toml:3:13: users.bob: is 4 hexadecimal digits long; give 32 hexadecimal digits")]
    [TestCase("users.bob = \"0123456789abcdef0123456789abcde\"", "users.bob: is 31 hexadecimal digits long")]
    [TestCase("users.bob = \"xx\"", "users.bob: is no secret: a secret")]
    [TestCase("users.bob = 5", "users.bob: is a number; give 32 hexadecimal digits")]
    [TestCase("users.bob = \"0123456789abcdef0123456789abcdef\"", "telemt.toml:3:13: users.bob: has the same secret as \"alice\" (line 2); give each user a secret of its own")]
    [TestCase("users.bob = \"dd0123456789abcdef0123456789abcdef\"", "users.bob: has the same secret as \"alice\"")]
    [TestCase("users.Alice = \"" + Other + "\"", "telemt.toml:3:7: users.Alice: differs from \"alice\" (line 2) only by case; rename one of them")]
    [TestCase("users.\"a:b\" = \"" + Other + "\"", "users.a:b: cannot be a user's name; give 1 to 64 characters without a colon")]
    [TestCase("users.\"\" = \"" + Other + "\"", "cannot be a user's name")]
    [TestCase("users.\"*\" = \"" + Other + "\"", "users.*: means every user")]
    [TestCase("users.port = \"" + Other + "\"", "telemt.toml:3:7: users.port: is the name of a setting; give the user another name")]
    [TestCase("[users.bob]\nenabled = true", "telemt.toml:3:8: users.bob: has no secret; add secret = \"...\"")]
    [TestCase("[users.bob]\nsecret = \"12\"", "users.bob.secret: is 2 hexadecimal digits long")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nexpires = \"tomorrow\"", "users.bob.expires: \"tomorrow\" does not fit; give a date")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nexpires = 12:00:00", "users.bob.expires: is a date or time")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nquota_period = \"week\"", "users.bob.quota_period: \"week\" does not fit")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nrate = \"1KB/m\"", "users.bob.rate: is no rate")]
    [TestCase("[users.bob]\nsecret = \"" + Other + "\"\nupstreams = \"defautl\"", "no upstream is in a group \"defautl\"; did you mean \"default\"?")]
    public void User_ThatDoesNotFit_IsOneErrorWithPlaceAndCure(string text, string expected)
    {
        var header = text.StartsWith('[') ? "tls_domain = \"www.example.com\"\nusers.alice = \"0123456789abcdef0123456789abcdef\"\n" : ConfigText.Least;
        Assert.That(ConfigText.Errors(header + text), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));
    }

    [TestCase("[[listeners]]\nport = 8443", "telemt.toml:3:1: listeners.ip: is missing; add ip = \"0.0.0.0\"")]
    [TestCase("[[listeners]]\nip = \"example.com\"", "listeners.ip: \"example.com\" does not fit")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\n[[listeners]]\nip = \"0.0.0.0\"\nport = 443", "telemt.toml:5:1: listeners: 0.0.0.0:443 is listened on twice")]
    [TestCase("[[listeners]]\nip = \"::\"\n[[listeners]]\nip = \"[::]\"", "listeners: [::]:443 is listened on twice")]
    [TestCase("[[listeners]]\nip = \"/run/t.sock\"\n[[listeners]]\nip = \"/run/t.sock\"\nport = 1", "/run/t.sock is listened on twice")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\nproxy_protocol = true", "listeners.proxy_protocol: is on for nobody")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\nproxy_protocol = true\ntrusted = [\"10.0.0.1/8\"]", "listeners.trusted: \"10.0.0.1/8\" does not fit: did you mean \"10.0.0.0/8\"?")]
    [TestCase("[[listeners]]\nip = \"/run/t.sock\"\ninterface = \"eth0\"", "cannot bind a unix socket to a device")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\nannounce_ip = \"example.com\"", "listeners.announce_ip: \"example.com\" does not fit")]
    [TestCase("[[listeners]]\nip = \"0.0.0.0\"\nannounce = \"192.0.2.1\"", "listeners.announce: \"192.0.2.1\" does not fit: an address is no host name")]
    [TestCase("[[upstreams]]\ntype = \"socks5\"", "telemt.toml:3:1: upstreams.address: is missing, and type is \"socks5\"")]
    [TestCase("[[upstreams]]\ntype = \"sock5\"", "\"sock5\" does not fit (did you mean \"socks5\"?)")]
    [TestCase("[[upstreams]]\naddress = \"1.2.3.4:1080\"", "upstreams.address: has no meaning when type is \"direct\"")]
    [TestCase("[[upstreams]]\ntype = \"socks4\"\naddress = \"1.2.3.4:1080\"\npassword = \"x\"", "upstreams.password: has no meaning when type is \"socks4\"")]
    [TestCase("[[upstreams]]\ntype = \"socks5\"\naddress = \"1.2.3.4:1080\"\nuser_id = \"x\"", "upstreams.user_id: has no meaning")]
    [TestCase("[[upstreams]]\ntype = \"socks5\"\naddress = \"1.2.3.4\"", "the port is missing, such as \"1.2.3.4:443\"")]
    [TestCase("[[upstreams]]\ntype = \"socks5\"\naddress = \"1.2.3.4:1080\"\nusername = \"x\"", "upstreams.password: is missing beside the other of the two")]
    [TestCase("[[upstreams]]\ninterface = \"a device whose name is longer than any can be, and no address of this host either\"", "upstreams.interface: ")]
    [TestCase("[[upstreams]]\nenabled = false", "upstreams: all are disabled")]
    [TestCase("[[upstreams]]\nname = \"a\"\n[[upstreams]]\nname = \"a\"", "telemt.toml:6:8: upstreams.name: \"a\" is named twice")]
    [TestCase("[[upstreams]]\nweight = -1", "upstreams.weight: -1 is out of range")]
    [TestCase("[dc_overrides]\n0 = \"a:443\"", "dc_overrides.0: is no DC")]
    [TestCase("[dc_overrides]\nfive = \"a:443\"", "dc_overrides.five: is no DC")]
    [TestCase("[dc_overrides]\n2 = [\"a:443\", \"::1:443\"]", "telemt.toml:4:15: dc_overrides.2: \"::1:443\" does not fit")]
    [TestCase("[dc_overrides]\n2 = []", "dc_overrides.2: has no address")]
    [TestCase("[dc_overrides]\n2 = \"a:443\"\n02 = \"b:443\"", "telemt.toml:5:1: dc_overrides.2: is given twice")]
    [TestCase("[[policies]]\ndcs = [2, 0]", "policies.dcs: there is no DC 0")]
    [TestCase("[[policies]]\nupstreams = [\"default\", \"default\", \"default\"]", "policies.upstreams: names 3 groups")]
    [TestCase("[[policies]]\nupstreams = [\"default\", \"spare\"]", "no upstream is in a group \"spare\"")]
    [TestCase("[[policies]]\nmask = \"192.0.2.7\"", "policies.mask: 192.0.2.7:443 is an address of this host and a port that we listen on")]
    [TestCase("[[policies]]\nmask = \"127.0.0.1:443\"", "so that strangers would run in a circle; name another host, or another port of this one")]
    [TestCase("[[policies]]\nmask = \"a b\"", "policies.mask: \"a b\" does not fit")]
    [TestCase("[[listeners]]\nip = \"192.0.2.7\"\nproxy_protocol = true", "listeners.proxy_protocol: is on for nobody")]
    [TestCase("[fronting]\nproxy_protocol = 3", "fronting.proxy_protocol: 3 is out of range")]
    [TestCase("[[policies]]\nupstreams = \"spare\"", "no upstream is in a group \"spare\"; add group = \"spare\" to an upstream")]
    [TestCase("[[policies]]\nsni = [\"a.*.example\"]", "policies.sni: \"a.*.example\" is no host name")]
    [TestCase("[[policies]]\nsources = [\"example.com\"]", "policies.sources: \"example.com\" does not fit")]
    [TestCase("[control]\nlisten = \"0.0.0.0:9091\"", "control.listen: can be reached from beyond this host, and there is no token")]
    [TestCase("[control]\nlisten = \"127.0.0.1:443\"", "control.listen: is a port that clients connect to")]
    public void Route_ThatDoesNotFit_IsOneErrorWithPlaceAndCure(string text, string expected)
        => Assert.That(ConfigText.Errors(ConfigText.Least + text), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));

    [Test]
    public void Domain_MissingWithTls_IsAnError()
        => Assert.That(
            ConfigText.Errors("mask_host = \"example.com\"\nusers.alice = \"" + Other + "\""),
            Is.EqualTo(new[]
            {
                "telemt.toml: tls_domain: is missing, and fake TLS is on; add tls_domain = \"www.example.com\", the name of the site to hide behind,"
                + " or set tls = false below [modes]",
            }));

    [Test]
    public void Domain_Unreadable_IsNotAlsoMissing()
        => Assert.That(ConfigText.Errors("tls_domain = \"a b\"\nusers.alice = \"" + Other + "\""), Has.Length.EqualTo(1).And.ItemAt(0).Contains("\"a b\" is no host name"));

    [Test]
    public void Domain_Of183Bytes_IsAnError()
    {
        var label = new string('a', 60);
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Errors($"tls_domain = \"{label}.{label}.{label[..58]}.ab\"\nusers.alice = \"{Other}\""), Has.Length.EqualTo(1).And.ItemAt(0).Contains("longer than 182"));
            Assert.That(ConfigText.Errors($"tls_domain = \"{label}.{label}.{label[..58]}.a\"\nusers.alice = \"{Other}\""), Is.Empty);
        });
    }

    [TestCase("tls_domain = \"www.example.com\"")]
    [TestCase("tls_domain = \"www.example.com\"\n[users]")]
    public void Users_None_AreAnError(string text)
        => Assert.That(ConfigText.Errors(text), Has.Length.EqualTo(1).And.ItemAt(0).Contains("users: there is none; add below [users]"));

    [Test]
    public void Mask_AskedForWithoutASite_IsAnError()
    {
        const string Text = "users.alice = \"" + Other + "\"\nmodes = { tls = false, secure = true }\n";
        Assert.Multiple(() =>
        {
            Assert.That(ConfigText.Errors(Text + "mask = true"), Has.Length.EqualTo(1).And.ItemAt(0).Contains("telemt.toml:3:8: mask: is on without a site"));
            Assert.That(ConfigText.Warnings(Text), Has.Length.EqualTo(1).And.ItemAt(0).Contains("mask: has no site to show strangers"));
            Assert.That(ConfigText.Settings(Text).Mask.Enabled, Is.False);
            Assert.That(ConfigText.Warnings(Text + "mask = false"), Is.Empty);
        });
    }

    [TestCase("mask_host = \"127.0.0.1\"", true)]
    [TestCase("mask_host = \"127.3.2.1\"", true)]
    [TestCase("mask_host = \"0.0.0.0\"", true)]
    [TestCase("mask_host = \"[::1]\"", true)]
    [TestCase("mask_host = \"::ffff:127.0.0.1\"", true)]
    [TestCase("mask_host = \"192.0.2.7\"", true)]
    [TestCase("mask_host = \"2001:db8::7\"", true)]
    [TestCase("mask_host = \"192.0.2.8\"", false)]
    [TestCase("mask_host = \"192.0.2.7\"\nmask_port = 8443", false)]
    [TestCase("mask_host = \"127.0.0.1\"\nport = 8443", false)]
    [TestCase("mask_host = \"127.0.0.1\"\nmask = false", false)]
    [TestCase("mask_host = \"127.0.0.1\"\n[[listeners]]\nip = \"192.0.2.7\"", false)]
    [TestCase("mask_host = \"192.0.2.7\"\n[[listeners]]\nip = \"192.0.2.7\"", true)]
    [TestCase("mask_host = \"::1\"\n[[listeners]]\nip = \"0.0.0.0\"", false)]
    [TestCase("mask_host = \"192.0.2.7\"\nmask_port = 8443\n[[listeners]]\nip = \"0.0.0.0\"\nport = 8443", true)]
    [TestCase("mask_host = \"/run/t.sock\"\n[[listeners]]\nip = \"/run/t.sock\"", true)]
    [TestCase("mask_host = \"198.51.100.1\"\npublic_ip = \"198.51.100.1\"", true)]
    [TestCase("mask_host = \"198.51.100.1\"\n[[listeners]]\nip = \"0.0.0.0\"\nannounce_ip = \"198.51.100.1\"", true)]
    public void Mask_LeadingBackToUs_IsAnError(string text, bool isLoop)
    {
        var errors = ConfigText.Errors(ConfigText.Least + text);
        Assert.That(errors, isLoop ? Has.Length.EqualTo(1).And.ItemAt(0).Contains("run in a circle") : Is.Empty);
    }

    [Test]
    public void Problems_OfEveryKind_AreSaidAtOnceInOrder()
        => Assert.That(
            ConfigText.Load("""
                port = 0
                tls_domain = "www.example.com"
                mask_port = "x"
                users.alice = "12"
                [timeouts]
                idle = "never"
                [[listeners]]
                """).Errors.Select(error => (error.Origin.Line, error.Key)),
            Is.EqualTo(new[] { (1, "port"), (3, "mask_port"), (4, "users.alice"), (6, "timeouts.idle"), (7, "listeners.ip") }));

    [Test]
    public void Problems_OfSecrets_NeverRepeatThem()
    {
        const string Secret = "deadbeefdeadbeefdeadbeefdeadbee";
        var report = ConfigText.Load($"""
            tls_domain = "www.example.com"
            ad_tag = "{Secret}"
            users.alice = "{Secret}"
            users.bob = "{Secret}-"
            [control]
            token = "{Secret}\u0000"
            [[upstreams]]
            password = "{Secret}"
            """);
        Assert.That(report.Lines(), Has.None.Contains(Secret).And.Exactly(5).StartsWith("error"));
    }

    [TestCase("", "the file is empty; `telemt init` writes one to start from")]
    [TestCase("# only a remark\n", "the file is empty")]
    [TestCase("port = \n", "telemt.toml:1:8: ")]
    [TestCase("port = 1\nport = 2\n", "telemt.toml:2:1: ")]
    public void File_WithoutMeaning_IsOneError(string text, string expected)
        => Assert.That(ConfigText.Errors(text), Has.Length.EqualTo(1).And.ItemAt(0).Contains(expected));
}
