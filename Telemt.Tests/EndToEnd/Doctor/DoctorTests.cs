using Telemt.Worker;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;
using Telemt.Worker.Doctor;
using Telemt.Worker.Selftest.Middle;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd.Doctor;

/// <summary>`telemt doctor` with a Telegram, sites, middle proxies and clocks on loopback: well ones, and everything broken.</summary>
[Platform("Linux")]
internal sealed class DoctorTests
{
    private static readonly string[] Order =
    [
        "configuration", "proxy", "descriptors", "ports", "state", "clock", "names", "mask", "datacenters", "middle", "telemetry", "kernel",
    ];

    private DoctorRig _rig = null!;

    [SetUp]
    public void SetUp() => _rig = new DoctorRig();

    [TearDown]
    public void TearDown() => _rig.Dispose();

    [Test]
    public async Task Well_Proxy_HasNothingToMend()
    {
        await using var telegram = ProxyFixture.NewTelegram();
        using var site = new TlsSite { MlKem = true };
        using var clock = new ListServer();
        clock["/"] = [];
        _rig.EveryDc(telegram.EndPoint);
        _rig.Toml.Set(("mask_port", site.Port.ToString()), ("state", Text(Path.Combine(_rig.Folder, "state"))));
        _rig.Around = _rig.Around with { Clocks = [new Uri(clock.Url("/"))] };

        await _rig.RunAsync();

        Assert.Multiple(() =>
        {
            Assert.That(_rig.Found.Select(finding => finding.Check).Distinct(), Is.EqualTo(Order));
            Assert.That(_rig.Of("ports"), Has.Exactly(1).Contains("is free"));
            Assert.That(_rig.Of("state"), Has.Exactly(1).Contains("can be written"));
            Assert.That(_rig.Of("clock"), Is.EqualTo(new[] { "Good: right, by 127.0.0.1" }));
            Assert.That(_rig.Of("names"), Is.EqualTo(new[] { "Good: the public address is 127.0.0.1", "Good: tls_domain localhost leads here" }));
            Assert.That(_rig.Of("mask"), Has.Some.Contains("TLS 1.3 and X25519MLKEM768").And.Some.EqualTo("Good: its flight is one record of 3338 bytes"));
            Assert.That(_rig.Of("datacenters"), Has.Length.EqualTo(6).And.All.Match("^Good: .* by direct: "));
        });

        // The site is only a flight: no browser gets further.
        Assert.That(_rig.Found.Where(finding => finding.Level > FindingLevel.Note).Select(finding => finding.Check), Is.EqualTo(new[] { "mask" }));
        Assert.That(_rig.Code, Is.EqualTo(ExitCode.Failed));
    }

    [Test]
    public async Task Everything_Broken_IsSaidWithCauseAndCure()
    {
        using var refusing = Ports.Refusing();
        var nobody = $"127.0.0.1:{Ports.PortOf(refusing)}";
        using var stranger = new MaskSite();
        using var wrongClock = new FakeTimeServer(TimeSpan.FromSeconds(-1000));
        _rig.EveryDc(nobody);
        _rig.Toml.Set(
            ("port", stranger.Port.ToString()),
            ("listeners", """[{ ip = "127.0.0.1", announce = "localhost" }]"""),
            ("public_ip", Text("203.0.113.7")),
            ("mask_port", Ports.PortOf(refusing).ToString()),
            ("state", Text(_rig.Write("file", "no folder"))),
            ("limits.max_connections", "2000000000"),
            ("ad_tag", Text(MiddleFixture.Tag)),
            ("middle_proxy.secret_file", Text("/nowhere/secret")),
            ("middle_proxy.config_file", Text("/nowhere/list")),
            ("telemetry.endpoint", Text($"http://{nobody}")));
        _rig.Around = _rig.Around with { TimeServers = [wrongClock.Address], Kernel = _rig.Folder };

        await _rig.RunAsync();

        Assert.That(_rig.Code, Is.EqualTo(ExitCode.Refused));
        Assert.Multiple(() =>
        {
            Assert.That(_rig.Of("descriptors"), Has.Exactly(1).Match("^Error: .*max_connections is 2000000000"));
            Assert.That(_rig.Of("ports"), Has.Exactly(1).Match("^Error: cannot listen on .*asked as a client"));
            Assert.That(_rig.Of("state"), Has.Exactly(1).Match("^Error: .*cannot be written"));
            Assert.That(_rig.Of("clock"), Has.Exactly(1).Match("^Error: 1000 s ahead of 127.0.0.1:.*taken for replays"));
            Assert.That(_rig.Of("names"), Has.Exactly(1).Match("^Error: links name localhost, which leads to .*127.0.0.1.* and not to 203.0.113.7"));
            Assert.That(_rig.Of("mask"), Has.Exactly(1).Match("^Error: .*does not answer a TLS hello: Connection refused"));
            Assert.That(_rig.Of("datacenters"), Has.Exactly(1).Match("^Error: by direct none answers: Connection refused"));
            Assert.That(_rig.Of("middle"), Has.Exactly(2).Match("^Error: .*there is no such file"));
            Assert.That(_rig.Of("telemetry"), Has.Exactly(1).Match("^Warning: .*Connection refused"));
        });
        Assert.That(_rig.Found.Where(finding => finding.Level > FindingLevel.Note).Select(finding => finding.Cure), Has.None.Null.And.None.Empty);
    }

    [Test]
    public async Task File_WithErrors_IsAllThatIsSaid()
    {
        await _rig.RunAsync(_rig.Write("bad.toml", "port = 99999\n[users]\na = \"00\"\n"));

        Assert.That(_rig.Code, Is.EqualTo(ExitCode.Refused));
        Assert.That(_rig.Found.Select(finding => finding.Check).Distinct(), Is.EqualTo(new[] { "configuration" }));
        Assert.That(_rig.Of("configuration"), Has.Some.Contains("99999").And.Some.Contains("users.a"));
    }

    [Test]
    public async Task Port_OfARunningProxy_IsAskedAsAClientWould()
    {
        await using var it = await ControlFixture.StartAsync();
        _rig.Around = _rig.Around with { Clock = it.Proxy.Clock };

        await _rig.RunAsync(it.Proxy.Path);

        Assert.That(_rig.Of("ports"), Has.Exactly(1).Match("^Good: .*is the running proxy's: a client comes through to data centre 2"));
        Assert.That(_rig.Of("proxy"), Has.Exactly(1).StartsWith("Good: it runs"));
        Assert.That(_rig.Of("descriptors"), Has.Exactly(1).Contains("of the running proxy"));
    }

    [Test]
    public async Task Port_OfAProxyWithoutAWayToTelegram_IsAnError()
    {
        using var refusing = Ports.Refusing();
        await using var proxy = await ProxyFixture.StartAsync(toml =>
        {
            foreach (var dc in (int[])[1, 2, 3, 4, 5, 203, 10001, 10002, 10003])
            {
                toml[$"dc_overrides.{dc}"] = Text($"127.0.0.1:{Ports.PortOf(refusing)}");
            }
        });
        _rig.Around = _rig.Around with { Clock = proxy.Clock };

        await _rig.RunAsync(proxy.Path);

        Assert.That(_rig.Of("ports"), Has.Exactly(1).Match("^Error: .*is the running proxy's, but a client does not come through"));
    }

    [TestCase(true, "^Good: .* by what its page says")]
    [TestCase(false, "^Warning: .* is taken, and who has it cannot be asked")]
    public async Task Port_BehindABalancer_IsNotAskedAsAClient(bool page, string expected)
    {
        await using var it = await ControlFixture.StartAsync(toml =>
            toml["listeners"] = """[{ ip = "127.0.0.1", proxy_protocol = true, trusted = ["127.0.0.0/8"] }]""");
        var path = _rig.Write("other.toml", (await File.ReadAllTextAsync(it.Proxy.Path)).Replace("control.enabled = true", $"control.enabled = {(page ? "true" : "false")}"));

        await _rig.RunAsync(path);

        Assert.That(_rig.Of("ports"), Has.Exactly(1).Match(expected));
    }

    [Test]
    public async Task Mask_ThatIsOurselves_IsAnError()
    {
        var port = Ports.Free().ToString();
        _rig.Toml.Set(("port", port), ("mask_host", Text("localhost")), ("mask_port", port));

        await _rig.RunAsync();

        Assert.That(_rig.Of("mask").Concat(_rig.Of("configuration")), Has.Some.Match("Error: .*(leads back to this proxy|itself|circle|loop)"));
    }

    [TestCase(12_000, "Warning: .* sends 12005 bytes of encrypted handshake")]
    [TestCase(10_235, "Good: its flight is one record of 10240 bytes")]
    public async Task Mask_Flight_IsMeasured(int size, string expected)
    {
        using var site = new TlsSite { Sizes = [size] };
        _rig.Toml.Set(("mask_port", site.Port.ToString()));

        await _rig.RunAsync();

        Assert.That(_rig.Of("mask"), Has.Exactly(1).Match(expected));
        Assert.That(_rig.Of("mask"), Has.Exactly(1).Contains("knows no X25519MLKEM768"));
    }

    [Test]
    public async Task Mask_ThatIsNoTls_IsAnError()
    {
        using var site = new MaskSite();
        _rig.Toml.Set(("mask_port", site.Port.ToString()));

        await _rig.RunAsync();

        Assert.That(_rig.Of("mask"), Has.Exactly(1).Match("^Error: .* with something that is no TLS"));
    }

    [Test]
    public async Task Mask_OfARealServer_IsBrowsed()
    {
        using var site = new WebSite();
        _rig.Toml.Set(("mask_port", site.Port.ToString()));

        await _rig.RunAsync();

        Assert.That(_rig.Of("mask"), Has.Exactly(1).Match("^Good: .* speaks HTTP/2").And.Exactly(1).Match("^Warning: its certificate does not hold for localhost"));
    }

    [Test]
    public async Task Dcs_ThatOneUpstreamMisses_AreAWarning()
    {
        await using var telegram = ProxyFixture.NewTelegram();
        using var refusing = Ports.Refusing();
        _rig.EveryDc(telegram.EndPoint);
        _rig.Toml["upstreams"] = $$"""[{ name = "here" }, { name = "there", type = "socks5", address = "127.0.0.1:{{Ports.PortOf(refusing)}}" }]""";
        _rig.Toml["dc_overrides.4"] = $"[\"{telegram.EndPoint}\", \"127.0.0.1:{Ports.PortOf(refusing)}\"]";

        await _rig.RunAsync();

        Assert.That(_rig.Of("datacenters"), Has.Exactly(5).StartsWith("Good: "));
        Assert.That(_rig.Of("datacenters"), Has.Exactly(1).Match("^Note: 4 by here: .*ms, .*fails"));
        Assert.That(_rig.Of("datacenters"), Has.Exactly(1).Match("^Error: by there none answers"));
    }

    [Test]
    public async Task Middle_ThatShakesHands_IsGood()
    {
        await using var it = await MiddleFixture.StartAsync();
        _rig.Around = _rig.Around with { Clock = it.Proxy.Clock };

        await _rig.RunAsync(it.Proxy.Path);

        Assert.That(_rig.Of("middle"), Has.Exactly(1).EqualTo("Good: those of -4, 2 shake hands"));
    }

    [Test]
    public async Task Middle_WithAnotherSecret_SaysWhy()
    {
        var random = new SystemRandomSource();
        await using var telegram = ProxyFixture.NewTelegram();
        await using var middle = FakeMiddleProxy.Start(telegram, FakeMiddleProxy.NewSecret(random), null, TimeProvider.System, random);
        await File.WriteAllBytesAsync(Path.Combine(_rig.Folder, "secret"), FakeMiddleProxy.NewSecret(random).Bytes.ToArray());
        _rig.Toml.Set(
            ("ad_tag", Text(MiddleFixture.Tag)),
            ("middle_proxy.secret_file", Text(Path.Combine(_rig.Folder, "secret"))),
            ("middle_proxy.config_file", Text(_rig.Write("list", $"default 2;\nproxy_for 2 {middle.EndPoint};\n"))));

        await _rig.RunAsync();

        Assert.That(_rig.Of("middle"), Has.Exactly(1).Match("^Error: those of 2: .*secret"));
    }

    [TestCase(5)]
    [TestCase(-5)]
    public async Task Clock_WithOneLiar_GoesByTheOthers(int hours)
    {
        using var right = new FakeTimeServer(TimeSpan.Zero);
        using var alsoRight = new FakeTimeServer(TimeSpan.FromSeconds(1));
        using var liar = new FakeTimeServer(TimeSpan.FromHours(hours));
        _rig.Around = _rig.Around with { TimeServers = [liar.Address, right.Address, alsoRight.Address] };

        await _rig.RunAsync();

        Assert.That(_rig.Of("clock"), Has.Exactly(1).StartsWith("Good: right, by").And.Exactly(1).StartsWith("Note: the clocks asked differ"));
    }

    [Test]
    public async Task Clock_NobodyAsked_IsAWarning()
    {
        using var refusing = Ports.Refusing();
        _rig.Around = _rig.Around with { Clocks = [new Uri($"http://127.0.0.1:{Ports.PortOf(refusing)}/")] };

        await _rig.RunAsync();

        Assert.That(_rig.Of("clock"), Has.Exactly(1).Match("^Warning: nobody could be asked for the time: 127.0.0.1: Connection refused"));
    }

    [Test]
    public async Task Kernel_BelowTheAdvice_IsANote()
    {
        Directory.CreateDirectory(Path.Combine(_rig.Folder, "net", "core"));
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "net", "core", "somaxconn"), "128\n");
        _rig.Around = _rig.Around with { Kernel = _rig.Folder };

        await _rig.RunAsync();

        Assert.That(_rig.Of("kernel"), Has.Exactly(1).Contains("net.core.somaxconn = 128 (4096)"));
    }

    [Test]
    public async Task Silence_EndsInItsTime()
    {
        using var silent = new SilentPort();
        _rig.EveryDc(silent.EndPoint);
        _rig.Toml.Set(("mask_port", silent.EndPoint.Port.ToString()));
        _rig.Around = _rig.Around with { Patience = TimeSpan.FromSeconds(0.3) };

        await _rig.RunAsync();

        Assert.That(_rig.Of("datacenters").Concat(_rig.Of("mask")), Has.Exactly(2).Match("^Warning: not finished within"));
    }

    [Test]
    public async Task Text_ForPeople_HasTheCureBelow()
    {
        using var output = new StringWriter();

        var code = await DoctorCommand.RunAsync(
            SettingsLoader.Load(_rig.Write("bad.toml", "port = 99999\n"), ConfigurationOverrides.None), _rig.Around, json: false, output, CancellationToken.None);

        Assert.That(code, Is.EqualTo(ExitCode.Refused));
        Assert.That(output.ToString(), Does.Match(@"(?m)^               error    .*99999.*\n\s+-> give a whole number").And.Contain("3 errors, 1 warning."));
    }
}
