using Telemt.Core.Gate;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.External.Sites;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External.Probing;

/// <summary>A real web server, asked directly and through us: nobody can tell which is which, by bytes, by records or by the end.</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(120_000)]
[TestFixtureSource(nameof(Sites))]
internal sealed class ProbeTests(string server, SiteOptions options, bool allModes)
{
    private RealSite _site = null!;
    private ProxyFixture _proxy = null!;
    private Comparer _comparer = null!;
    private Dictionary<string, Task<string?>> _differences = [];

    public static IEnumerable<TestFixtureData> Sites =>
    [
        new("nginx", new SiteOptions(), false),
        new("nginx", new SiteOptions(), true),
        new("nginx", new SiteOptions(Tls13Only: true, Http2: false, Ecdsa: true, Chain: 3), false),
        new("apache2", new SiteOptions(Chain: 2), false),
        new("apache2", new SiteOptions(Tls13Only: true, Http2: false, Ecdsa: true), false),
    ];

    /// <summary>All are asked side by side: most of them wait for the site's patience to end.</summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _site = await RealSite.StartAsync(server, options);
        _proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("mask_port", _site.Port.ToString()), ("modes.classic", allModes ? "true" : "false"), ("modes.secure", allModes ? "true" : "false")));
        _comparer = new Comparer(_site.Port, _proxy.Port, spread: options.Ecdsa ? 3 : 0);
        _differences = Probe.All.ToDictionary(probe => probe.Name, probe => _comparer.DifferenceAsync(probe, CancellationToken.None));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_proxy is not null)
        {
            await Task.WhenAll(_differences.Values);
            _comparer.Dispose();
            await _proxy.DisposeAsync();
        }

        _site?.Dispose();
    }

    [Test]
    public async Task Probe_ThroughUs_IsAnsweredAsDirectly([ValueSource(typeof(Probe), nameof(Probe.All))] Probe probe, CancellationToken cancellation) =>
        Assert.That(await _differences[probe.Name].WaitAsync(cancellation), Is.Null, $"{server}, {options}, all modes {allModes}");

    [Test]
    public async Task Hello_OfARealClientReplayed_IsAnsweredAsDirectly(
        [Values("tdlib (Darwin profile) #0", "mtcute", "legacy 517-byte layout")] string name, CancellationToken cancellation)
    {
        var hello = TestHello.Sign(TlsProbes.Telegram(name), ProxyFixture.KeyOf("tele").Bytes.ToArray(), Now);
        using (var client = await _proxy.KnockAsync(cancellation))
        {
            await client.SendAllAsync(hello, cancellation);
            Assert.That(await client.ReceiveAsync(3, cancellation), Is.EqualTo(new byte[] { 0x16, 3, 3 }));
            client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await client.ReceiveAllAsync(cancellation);
        }

        await IsRefusedAsync(new Probe(name, hello), Refusal.Replay, cancellation);
    }

    [Test]
    public Task Hello_OfAnHourAgo_IsAnsweredAsDirectly(CancellationToken cancellation) => IsRefusedAsync(
        new Probe("stale", TestHello.Sign(TlsProbes.Telegram("mtcute"), ProxyFixture.KeyOf("tele").Bytes.ToArray(), Now - 3600)), Refusal.Stale, cancellation);

    [Test]
    public Task Hello_WithARightDigestForAnotherName_IsAnsweredAsDirectly(CancellationToken cancellation) => IsRefusedAsync(
        new Probe("foreign", TestHello.Sign(TlsProbes.Hello((0, TestHello.ServerName("www.example.org"))), ProxyFixture.KeyOf("tele").Bytes.ToArray(), Now)),
        Refusal.UnknownSni,
        cancellation);

    private uint Now => (uint)_proxy.Clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task IsRefusedAsync(Probe probe, Refusal cause, CancellationToken cancellation)
    {
        var before = _proxy.Sessions.CountOf(cause);
        Assert.That(await _comparer.DifferenceAsync(probe, cancellation), Is.Null);
        await Wait.UntilAsync(() => _proxy.Sessions.CountOf(cause) == before + Comparer.OurAnswers, cause.ToString());
    }
}
