using System.Security.Cryptography;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.External.Sites;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>What people look at web servers with, directly and through us: they show the same.</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(120_000)]
[TestFixture("nginx")]
[TestFixture("apache2")]
internal sealed class SiteToolTests(string server)
{
    private RealSite _site = null!;
    private ProxyFixture _proxy = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _site = await RealSite.StartAsync(server, new SiteOptions());
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

    [TestCase("-tls1_3")]
    [TestCase("-tls1_2")]
    [TestCase("-tls1_3", "-alpn", "h2,http/1.1")]
    [TestCase("-tls1_2", "-servername", "other.example.org")]
    [TestCase("-tls1_3", "-groups", "P-256")]
    [TestCase("-tls1_1")]
    public async Task Handshake_OfOpenSsl_ShowsTheSameSite(params string[] options)
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var direct = await HandshakeAsync(_site.Port, options, cancellation);
        Assert.That(await HandshakeAsync(_proxy.Port, options, cancellation), Is.EqualTo(direct));
        Assert.That(direct, options is ["-tls1_1"] ? Has.None.Contains("BEGIN CERTIFICATE") : Has.Some.Contains("BEGIN CERTIFICATE"));
    }

    [TestCase("--http1.1", "/")]
    [TestCase("--http2", "/")]
    [TestCase("--http2", "/missing")]
    [TestCase("--http1.1", "/large", "--range", "1000000-1009999")]
    [TestCase("--http2", "/large", "--range", "1000000-1009999")]
    [TestCase("--http1.1", "/", "--request", "OPTIONS")]
    [TestCase("--http1.1", "/", "--tls-max", "1.2")]
    [TestCase("--http1.1", "/", "--data", "a=b")]
    public async Task Request_OfCurl_IsAnsweredAsDirectly(params string[] options)
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var direct = await RequestAsync(_site.Port, cancellation, options);
        Assert.That(direct.Facts, Does.Contain("HTTP/"));
        var ours = await RequestAsync(_proxy.Port, cancellation, options);
        Assert.That(ours.Body.AsSpan().SequenceEqual(direct.Body), $"{ours.Body.Length} bytes, directly {direct.Body.Length}");
        Assert.That(ours.Facts, Is.EqualTo(direct.Facts));
    }

    [Test]
    public async Task Download_OfTenMebibytes_IsWhole([Values("--http1.1", "--http2")] string version, CancellationToken cancellation)
    {
        var answer = await RequestAsync(_proxy.Port, cancellation, version, "/large");
        Assert.That(SHA256.HashData(answer.Body), Is.EqualTo(SHA256.HashData(_site.Large)));
    }

    /// <summary>A session begun directly goes on through us, and one begun through us directly.</summary>
    [Test]
    public async Task Session_OfOpenSsl_GoesOnWhereverItBegan([Values("-tls1_2", "-tls1_3")] string version, [Values] bool beginsWithUs, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var (first, second) = beginsWithUs ? (_proxy.Port, _site.Port) : (_site.Port, _proxy.Port);

        Assert.That(await AskAsync(first, "-sess_out"), Does.Contain("New, TLSv1"));
        Assert.That(await AskAsync(second, "-sess_in"), Does.Contain("Reused, TLSv1"));

        // The answer to a request comes behind the tickets.
        async Task<string> AskAsync(int port, string what) => (await Tool.Find("openssl").TellAsync(
            "GET / HTTP/1.0\r\n\r\n", cancellation, "s_client", "-connect", $"127.0.0.1:{port}", "-servername", ProxyFixture.Domain, version, "-ign_eof", what, folder["session"])).Output;
    }

    [Test]
    public async Task Page_InChromium_IsTheSites(CancellationToken cancellation)
    {
        var direct = await DomAsync(_site.Port);
        Assert.That(direct, Does.Contain("<p>Hello."));
        Assert.That(await DomAsync(_proxy.Port), Is.EqualTo(direct));

        async Task<string> DomAsync(int port)
        {
            using var folder = new TempFolder();
            return (await Tool.Find("chromium").RunAsync(
                cancellation,
                "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--user-data-dir=" + folder.Path,
                $"--host-resolver-rules=MAP {ProxyFixture.Domain} 127.0.0.1", "--dump-dom", $"https://{ProxyFixture.Domain}:{port}/")).Output;
        }
    }

    /// <summary>What s_client says of the connection, but for keys, tickets and times; and what went wrong.</summary>
    private static async Task<string[]> HandshakeAsync(int port, string[] options, CancellationToken cancellation)
    {
        var (code, output, error) = await Tool.Find("openssl").RunAsync(
            cancellation, ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", ProxyFixture.Domain, "-showcerts", .. options]);

        // Tickets and HTTP/2's first frame come behind the handshake, and may come too late to be printed. Errors begin with the
        // number of a thread.
        var facts = output.Split('\n').TakeWhile(line =>
            !line.StartsWith("SSL-Session", StringComparison.Ordinal) && !line.StartsWith("Post-Handshake", StringComparison.Ordinal));
        var problems = error.Split('\n').Select(line => line[(line.IndexOf(":error:", StringComparison.Ordinal) + 1)..]);
        return [.. facts.Concat(problems).Where(line => line is not ("" or "---") && !line.Contains('\0')), $"exit {code}"];
    }

    /// <summary>The answer's head (without its date) and body, and what curl says of the connection.</summary>
    private static async Task<(byte[] Body, string Facts)> RequestAsync(int port, CancellationToken cancellation, params string[] options)
    {
        using var folder = new TempFolder();
        var result = await Tool.Find("curl").RunAsync(
            cancellation,
            [
                "--silent", "--show-error", "--insecure", "--dump-header", folder["head"], "--output", folder["body"],
                "--resolve", $"{ProxyFixture.Domain}:{port}:127.0.0.1",
                "--write-out", "%{http_code} %{http_version} %{size_download} %{num_connects} %{ssl_verify_result} %{content_type}",
                options[0], .. options[2..], $"https://{ProxyFixture.Domain}:{port}{options[1]}",
            ]);
        var head = (await File.ReadAllLinesAsync(folder["head"], cancellation))
            .Where(line => !line.StartsWith("date:", StringComparison.OrdinalIgnoreCase));
        Assert.That(result.Code, Is.Zero, result.Error);
        var body = File.Exists(folder["body"]) ? await File.ReadAllBytesAsync(folder["body"], cancellation) : [];
        return (body, $"{result.Output}\n{string.Join('\n', head)}");
    }
}
