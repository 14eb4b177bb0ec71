using Telemt.Tests.EndToEnd;
using Telemt.Tests.External.Sites;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>Scanners find the same whether they ask the site or us. testssl.sh asks some thousand questions: minutes.</summary>
[Category("Long")]
[Platform("Linux")]
[CancelAfter(1_800_000)]
[TestFixture("nginx")]
[TestFixture("apache2")]
internal sealed class SiteScanTests(string server)
{
    private RealSite _site = null!;
    private ProxyFixture _proxy = null!;

    /// <summary>The site is as patient as web servers are: scanners listen for a while before they speak.</summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _site = await RealSite.StartAsync(server, new SiteOptions(Chain: 2, Patience: 10));
        _proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("mask_port", _site.Port.ToString()), ("modes.classic", "false"), ("modes.secure", "false")));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _site?.Dispose();
    }

    [Test]
    public async Task Scan_OfNmap_FindsTheSite(CancellationToken cancellation)
    {
        var direct = await ScanAsync(_site.Port, cancellation);
        Assert.That(direct, Has.Some.Contains("open"));
        Assert.That(await ScanAsync(_proxy.Port, cancellation), Is.EqualTo(direct));
    }

    [Test]
    public async Task Report_OfTestssl_IsTheSites(CancellationToken cancellation)
    {
        var direct = await ReportAsync(_site.Port, cancellation);
        Assert.That(direct, Has.Length.GreaterThan(100));
        Assert.That(await ReportAsync(_proxy.Port, cancellation), Is.EqualTo(direct));
    }

    private static async Task<string[]> ScanAsync(int port, CancellationToken cancellation)
    {
        var scan = await Tool.Find("nmap").RunAsync(
            cancellation,
            "-Pn", "-n", "-sV", "-p", port.ToString(), "--script",
            "ssl-cert,ssl-enum-ciphers,tls-alpn,tls-nextprotoneg,ssl-dh-params,ssl-heartbleed,ssl-poodle,sslv2,http-title,http-server-header,http-methods",
            "127.0.0.1");
        return [.. scan.Output.Replace(port.ToString(), "PORT").Split('\n').Where(line => line.StartsWith('|') || line.StartsWith("PORT/", StringComparison.Ordinal))];
    }

    /// <summary>All findings, but for those that speak of the moment.</summary>
    private static async Task<string[]> ReportAsync(int port, CancellationToken cancellation)
    {
        string[] momentary = ["scanTime", "HTTP_clock_skew", "HTTP_headerTime", "TLS_timestamp", "TLS_session_ticket"];
        using var folder = new TempFolder();
        var run = await Tool.Find("testssl").RunAsync(
            cancellation,
            "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--ip", "127.0.0.1", "--csvfile", folder["report.csv"],
            $"{ProxyFixture.Domain}:{port}");
        Assert.That(File.Exists(folder["report.csv"]), run.Output + run.Error);
        return
        [
            .. (await File.ReadAllLinesAsync(folder["report.csv"], cancellation))
                .Select(line => line.Replace(port.ToString(), "PORT"))
                .Where(line => !momentary.Any(id => line.StartsWith($"\"{id}\"", StringComparison.Ordinal))),
        ];
    }
}
