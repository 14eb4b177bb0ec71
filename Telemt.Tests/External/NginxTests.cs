using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Gate;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>A real web server, asked directly and through us: nobody can tell which is which.</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class NginxTests
{
    /// <summary>What is alike in so many direct answers is no accident, and must be alike in ours.</summary>
    private const int DirectAnswers = 6;

    private const int OurAnswers = 3;

    private NginxSite _site = null!;
    private ProxyFixture _proxy = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _site = await NginxSite.StartAsync(CancellationToken.None);
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

    /// <summary>Side by side: most of them wait for the site's patience to end.</summary>
    [Test]
    [Parallelizable(ParallelScope.Children)]
    public Task Probe_ThroughUs_IsAnsweredAsDirectly([ValueSource(typeof(Probe), nameof(Probe.All))] Probe probe, CancellationToken cancellation) =>
        CompareAsync(probe, cancellation);

    [Test]
    public async Task Hello_OfARealClientReplayed_IsAnsweredAsDirectly(
        [Values("tdlib (Darwin profile) #0", "mtcute", "legacy 517-byte layout")] string name, CancellationToken cancellation)
    {
        var time = (uint)_proxy.Clock.GetUtcNow().ToUnixTimeSeconds();
        var hello = TestHello.Sign(Probe.Telegram(name), ProxyFixture.KeyOf("tele").Bytes.ToArray(), time);
        using (var client = await _proxy.KnockAsync(cancellation))
        {
            await client.SendAllAsync(hello, cancellation);
            Assert.That(await client.ReceiveAsync(3, cancellation), Is.EqualTo(new byte[] { 0x16, 3, 3 }));
            client.Shutdown(SocketShutdown.Send);
            await client.ReceiveAllAsync(cancellation);
        }

        var before = _proxy.Sessions.CountOf(Refusal.Replay);
        await CompareAsync(new Probe(name, hello), cancellation);
        await Wait.UntilAsync(() => _proxy.Sessions.CountOf(Refusal.Replay) == before + OurAnswers, "replays");
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
        Assert.That(direct.Body, Is.Not.Empty);
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

    private async Task CompareAsync(Probe probe, CancellationToken cancellation)
    {
        var asked = Enumerable.Range(0, OurAnswers).Select(_ => probe.AskAsync(_proxy.Port, cancellation)).ToArray();
        var direct = await Task.WhenAll(Enumerable.Range(0, DirectAnswers).Select(_ => probe.AskAsync(_site.Port, cancellation)));
        var ours = await Task.WhenAll(asked);
        Assert.That(direct.Select(answer => answer.Summary).Distinct().Count(), Is.EqualTo(1), "the site itself answers alike");
        Assert.That(ours.Select(answer => answer.Summary), Is.All.EqualTo(direct[0].Summary));
        for (var i = 0; i < direct[0].Bytes.Length; i++)
        {
            if (direct.All(answer => answer.Bytes[i] == direct[0].Bytes[i]))
            {
                Assert.That(ours.Select(answer => answer.Bytes[i]), Is.All.EqualTo(direct[0].Bytes[i]), $"byte {i}");
            }
        }
    }
}
