using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.External;

/// <summary>Real programs on either side of us that speak the PROXY protocol: HAProxy in front, nginx as the site.</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class ProxyProtocolTests
{
    private const int Admitted = 3007;

    private readonly List<Process> _processes = [];
    private TempFolder _folder = null!;

    [SetUp]
    public void Start() => _folder = new TempFolder();

    [TearDown]
    public void Stop()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _processes.Clear();
        _folder.Dispose();
    }

    /// <summary>With its health checks on, which it sends as LOCAL or UNKNOWN.</summary>
    [TestCase("send-proxy check-send-proxy")]
    [TestCase("send-proxy-v2 check-send-proxy")]
    [TestCase("send-proxy-v2-ssl-cn check-send-proxy")]
    [TestCase("send-proxy-v2 proxy-v2-options unique-id,crc32c check-send-proxy")]
    public async Task Haproxy_InFront_NamesTheClient(string options)
    {
        var cancellation = TestContext.CurrentContext.CancellationToken;
        var haproxy = Tool.Find("haproxy");
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("listeners", """[{ ip = "127.0.0.1", proxy_protocol = true, trusted = ["127.0.0.0/8"] }]"""),
            ("logging.level", Text("debug"))));
        var port = Ports.Free();
        var server = $"server telemt 127.0.0.1:{proxy.Port} {options} source 127.0.0.8 check inter 100ms";
        _folder.Write("haproxy.cfg", $"""
            global
                maxconn 100
            defaults
                mode tcp
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen front
                bind 127.0.0.1:{port}
                unique-id-format %pid-%rt
                {server}

            """);
        await StartAsync(haproxy, port, "-db", "-f", _folder["haproxy.cfg"]);

        foreach (var form in Form.All)
        {
            using var client = await proxy.ConnectAsync(form, at: new IPEndPoint(IPAddress.Loopback, port), cancellation: cancellation);
            await client.AskAsync(Telemt.Worker.Selftest.FakeMode.Echo, cancellation: cancellation);
            await client.EchoAsync(100_000, cancellation: cancellation);
            Assert.That(proxy.Log.Of(Admitted).Last(), Does.Contain(" 127.0.0.1 is "), "and not HAProxy, which comes from 127.0.0.8");
        }

        Assert.That(proxy.Log.Count(8102), Is.Zero, "its checks are no fault");
    }

    [Test]
    public async Task Nginx_AsTheSite_LearnsWhoAsks([Values(1, 2)] int version, CancellationToken cancellation)
    {
        var nginx = Tool.Find("nginx");
        var port = Ports.Free();
        _folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            events { worker_connections 64; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:{{port}} proxy_protocol;
                    return 200 "$proxy_protocol_addr:$proxy_protocol_port to $proxy_protocol_server_addr:$proxy_protocol_server_port";
                }
            }

            """);
        await StartAsync(nginx, port, "-e", _folder["error.log"], "-p", _folder.Path, "-c", _folder["nginx.conf"]);
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("mask_port", port.ToString()), ("fronting.proxy_protocol", version.ToString())));

        using var stranger = await proxy.KnockAsync(cancellation);
        await stranger.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation);
        var answer = Encoding.ASCII.GetString(await stranger.ReceiveAllAsync(cancellation));

        Assert.That(answer, Does.StartWith("HTTP/1.1 200").And.EndsWith($"{stranger.LocalEndPoint} to {stranger.RemoteEndPoint}"));
    }

    private async Task StartAsync(Tool tool, int port, params string[] arguments)
    {
        var process = tool.Start(arguments);
        _processes.Add(process);
        await Wait.UntilAsync(() => process.HasExited || Listens(port), "it to listen");
        Assert.That(process.HasExited, Is.False, () => process.StandardError.ReadToEnd());
    }

    private static bool Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
