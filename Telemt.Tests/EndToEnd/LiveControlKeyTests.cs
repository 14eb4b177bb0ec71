using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of the page's own keys, while a session runs.</summary>
internal sealed class LiveControlKeyTests : LiveTests
{
    private const string Token = "0123456789abcdef";
    private const string Subject = "CN=proxy.example.com";

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == Subject },
    });

    private int _port;

    [SetUp]
    public async Task OpenAsync()
    {
        _port = Ports.Free();
        await Proxy.EditAsync(("control.enabled", "true"), ("control.listen", Text($"127.0.0.1:{_port}")));
        await AnswersAsync("/healthz", 200);
    }

    [OneTimeTearDown]
    public void Close() => _http.Dispose();

    [Test]
    [LiveKey("control.enabled")]
    public async Task Enabled_SwitchedOff_ThePageIsGoneAndSessionsGoOn(CancellationToken cancellation)
    {
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        await Proxy.EditAsync(("control.enabled", "false"));
        await Wait.UntilAsync(() => KernelSockets.Listeners(_port).Length == 0, "the page's end");
        await client.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("control.listen")]
    public async Task Listen_Changed_ThePageMoves()
    {
        var before = _port;
        _port = Ports.Free();
        await Proxy.EditAsync(("control.listen", Text($"127.0.0.1:{_port}")));
        await AnswersAsync("/healthz", 200);
        Assert.That(KernelSockets.Listeners(before), Is.Empty);
    }

    [Test]
    [LiveKey("control.token")]
    public async Task Token_Set_IsAskedForOnTheSameSocket()
    {
        var socket = KernelSockets.Listeners(_port);
        await AnswersAsync("/api/v1/status", 200);
        await Proxy.EditAsync(("control.token", Text(Token)));
        await AnswersAsync("/api/v1/status", 401);
        Assert.That(KernelSockets.Listeners(_port), Is.EqualTo(socket));
    }

    [Test]
    [LiveKey("control.allow")]
    public async Task Allow_WithoutUs_ShutsUsOut()
    {
        await Proxy.EditAsync(("control.allow", """["192.0.2.0/24"]"""));
        await AnswersAsync("/healthz", 0);
    }

    [Test]
    [LiveKey("control.read_only")]
    public async Task ReadOnly_Set_NothingCanBeEdited()
    {
        await Proxy.EditAsync(("control.read_only", "true"));
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"http://127.0.0.1:{_port}/api/v1/users/hello");
        request.Headers.IfMatch.Add(System.Net.Http.Headers.EntityTagHeaderValue.Any);
        using var response = await _http.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("control.read_only"));
    }

    [Test]
    [LiveKey("control.certificate")]
    public async Task Certificate_Set_ThePageIsServedByTls()
    {
        using var folder = new TempFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = folder.Write("control.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");

        await Proxy.EditAsync(("control.certificate", Text(path)));

        await AnswersAsync("/healthz", 200, "https");
    }

    /// <param name="code">0: the connection is closed without an answer.</param>
    private Task AnswersAsync(string path, int code, string scheme = "http") => Wait.UntilAsync(
        () =>
        {
            try
            {
                using var response = _http.Send(new HttpRequestMessage(HttpMethod.Get, $"{scheme}://127.0.0.1:{_port}{path}"));
                return (int)response.StatusCode == code;
            }
            catch (HttpRequestException)
            {
                return code == 0;
            }
        },
        $"{path} to be answered by {code}");
}
