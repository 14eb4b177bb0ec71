using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Tests.Core.Client;
using Telemt.Tests.EndToEnd;
using Telemt.Worker.Cli;

namespace Telemt.Tests.Worker.Cli;

[CancelAfter(60_000)]
internal sealed class PingCommandTests
{
    private static readonly Secret Key = new(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray());

    public static IEnumerable<ClientSecret> Secrets() => [ClientSecret.Classic(Key), ClientSecret.Secure(Key), ClientSecret.Tls(Key, "example.org")];

    [TestCaseSource(nameof(Secrets))]
    public async Task Ping_ProxyThatWorks_TimesOfEveryDcAndZero(object secret)
    {
        using var proxy = new Listener(() => new InMemoryProxy((ClientSecret)secret));
        var (code, output, error) = await RunAsync("ping", proxy.Link((ClientSecret)secret), "--dc", "1,-4,203", "--json");

        Assert.That(code, Is.EqualTo(ExitCode.Good), output + error);
        var results = JsonDocument.Parse(output).RootElement[0].GetProperty("dcs").EnumerateArray().ToArray();
        Assert.That(results.Select(result => result.GetProperty("dc").GetInt32()), Is.EqualTo(new[] { 1, -4, 203 }));
        foreach (var result in results)
        {
            Assert.That(result.GetProperty("ok").GetBoolean());
            Assert.That(result.GetProperty("connect_ms").GetDouble(), Is.Positive);
            Assert.That(result.GetProperty("answer_ms").GetDouble(), Is.Positive);
            Assert.That(result.TryGetProperty("handshake_ms", out _), Is.EqualTo(((ClientSecret)secret).Mode == ClientMode.Tls));
        }

        Assert.That(proxy.Connections.Select(connection => connection.Dc), Is.EquivalentTo(new short[] { 1, -4, 203 }));
    }

    [Test]
    public async Task Ping_WithoutOptions_TableOfFiveDcs()
    {
        using var proxy = new Listener(() => new InMemoryProxy(ClientSecret.Tls(Key, "example.org")));
        var (code, output, _) = await RunAsync("ping", proxy.Link(ClientSecret.Tls(Key, "example.org")));

        Assert.That(code, Is.EqualTo(ExitCode.Good), output);
        Assert.That(output, Does.Contain($"127.0.0.1:{proxy.Port} tls (example.org)"));
        Assert.That(output.Split('\n').Count(line => line.TrimEnd().EndsWith("ms  ok", StringComparison.Ordinal)), Is.EqualTo(5));
        Assert.That(output, Does.Not.Contain(Convert.ToHexStringLower(Key.Bytes)));
    }

    [Test]
    public async Task Ping_OneOfTwoLinksWithAWrongSecret_SaysWhichAndOne()
    {
        using var proxy = new Listener(() => new InMemoryProxy(ClientSecret.Tls(Key, "example.org")));
        var wrong = ClientSecret.Tls(new Secret(new byte[16]), "example.org");
        var (code, output, _) = await RunAsync(
            "ping", proxy.Link(ClientSecret.Tls(Key, "example.org")), proxy.Link(wrong), "--dc", "2", "--json");
        var reports = JsonDocument.Parse(output).RootElement;

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(reports[0].GetProperty("dcs")[0].GetProperty("ok").GetBoolean());
        Assert.That(reports[1].GetProperty("dcs")[0].GetProperty("problem").GetString(), Does.Contain("secret"));
    }

    [Test]
    public async Task Ping_ProxyThatIsSilent_BoundedInTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var link = new ProxyLink("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, ClientSecret.Secure(Key));
        var (code, output, _) = await RunAsync("ping", link.ToTg(), "--dc", "1,2", "--timeout", "0.3");

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.Contain("waiting for the data centre: nothing within 0.3 s"));
    }

    [Test]
    public async Task Ping_NobodyListens_SaysSo()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var (code, output, _) = await RunAsync("ping", new ProxyLink("127.0.0.1", port, ClientSecret.Secure(Key)).ToTg(), "--dc", "1");

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.Contain("connecting: Connection refused"));
    }

    [Test]
    public async Task Ping_DcAnswersAnError_ItsNumber()
    {
        using var proxy = new Listener(() => new InMemoryProxy(ClientSecret.Classic(Key)) { Answer = _ => [0x44, 0xfe, 0xff, 0xff] });
        var (code, output, _) = await RunAsync("ping", proxy.Link(ClientSecret.Classic(Key)), "--dc", "9");

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.Contain("-444"));
    }

    [TestCase("ping")]
    [TestCase("ping", "https://example.org/")]
    [TestCase("ping", "tg://proxy?server=a&port=1&secret=00112233445566778899aabbccddeeff", "nonsense")]
    [TestCase("ping", "tg://proxy?server=a&port=1&secret=00112233445566778899aabbccddeeff", "--dc", "x")]
    [TestCase("ping", "tg://proxy?server=a&port=1&secret=00112233445566778899aabbccddeeff", "--dc", "0")]
    [TestCase("ping", "tg://proxy?server=a&port=1&secret=00112233445566778899aabbccddeeff", "--timeout", "0")]
    [TestCase("ping", "tg://proxy?server=a&port=1&secret=00112233445566778899aabbccddeeff", "--timeout", "x")]
    public async Task Ping_WrongUse_TwoAndNoSecretShown(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.That(code, Is.EqualTo(ExitCode.Refused));
        Assert.That(output, Is.Empty);
        Assert.That(error, Is.Not.Empty.And.Not.Contains("aabbcc"));
    }

    [Test]
    public void Write_DomainThatSteersATerminal_Printable()
    {
        var output = new StringWriter();
        PingReport.Write(output, new LinkReport(new ProxyLink("a.b", 443, ClientSecret.Tls(Key, "x\u001b[2Jy")), []));

        Assert.That(output.ToString(), Does.Contain("(x?[2Jy)"));
    }

    /// <summary>A proxy with an ad tag answers by its middle proxy: what is timed is the way that phones go.</summary>
    [Test]
    [Platform("Linux")]
    public async Task Ping_ProxyWithAnAdTag_GoesByTheMiddleProxy(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        var link = new ProxyLink("127.0.0.1", it.Proxy.Port, ClientSecret.Tls(ProxyFixture.KeyOf("tele"), ProxyFixture.Domain));

        var (code, output, error) = await RunAsync("ping", link.ToTg(), "--dc", "2,-4", "--json");

        Assert.That(code, Is.EqualTo(ExitCode.Good), output + error);
        Assert.That((await it.Middle.Requests.ReadAsync(cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
        Assert.That((await it.Media.Requests.ReadAsync(cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await CommandLine.RunAsync(args, output, error), output.ToString(), error.ToString());
    }

    /// <summary>The in-memory proxy on a port.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<InMemoryProxy> _create;

        public Listener(Func<InMemoryProxy> create)
        {
            _create = create;
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public List<InMemoryProxy> Connections { get; } = [];

        public string Link(ClientSecret secret) => new ProxyLink("127.0.0.1", Port, secret).ToTg();

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true)
            {
                try
                {
                    var socket = await _listener.AcceptSocketAsync();
                    _ = ServeAsync(socket);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            using var _ = socket;
            var proxy = _create();
            lock (Connections)
            {
                Connections.Add(proxy);
            }

            var buffer = new byte[8192];
            while (await socket.ReceiveAsync(buffer) is var received and > 0)
            {
                await socket.SendAsync(proxy.Receive(buffer.AsSpan(0, received)));
            }
        }
    }
}
