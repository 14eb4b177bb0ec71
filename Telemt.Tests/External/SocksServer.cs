using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>A SOCKS server that others wrote, on loopback.</summary>
internal sealed class SocksServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    private SocksServer()
    {
    }

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, Ports.Free());

    /// <summary>Knows SOCKS5 alone, and does not say by which address it goes out.</summary>
    public static async Task<SocksServer> MicrosocksAsync((string User, string Password)? login, CancellationToken cancellation)
    {
        var tool = Tool.Find("microsocks");
        var server = new SocksServer();
        string[] place = ["-i", "127.0.0.1", "-p", server.EndPoint.Port.ToString()];
        await server.RunAsync(tool, login is { } it ? [.. place, "-u", it.User, "-P", it.Password] : place, cancellation);
        return server;
    }

    /// <summary>
    /// Knows SOCKS 4, 4a and 5. It asks the system for passwords, so that one needs files of its own in their place, in a mount namespace.
    /// </summary>
    public static async Task<SocksServer> DanteAsync((string User, string Password)? login, CancellationToken cancellation)
    {
        var dante = Tool.Find("danted");
        var server = new SocksServer();
        var root = Environment.UserName;
        server._folder.Write("danted.conf", $$"""
            logoutput: stderr
            internal: 127.0.0.1 port = {{server.EndPoint.Port}}
            external: lo
            external.rotation: route
            clientmethod: none
            socksmethod: {{(login is null ? "none" : "username")}}
            user.privileged: {{root}}
            user.unprivileged: {{root}}
            client pass {
              from: 0/0 to: 0/0
            }
            socks pass {
              from: 0/0 to: 0/0
              protocol: tcp
            }

            """);
        if (login is not { } it)
        {
            await server.RunAsync(dante, ["-f", server._folder["danted.conf"], "-N", "1"], cancellation);
            return server;
        }

        var (_, hash, _) = await Tool.Find("openssl").RunAsync(cancellation, "passwd", "-6", it.Password);
        server._folder.Write("passwd", $"{it.User}:x:990:990::/:/bin/false\n{await System.IO.File.ReadAllTextAsync("/etc/passwd", cancellation)}");
        server._folder.Write("shadow", $"{it.User}:{hash.Trim()}:19000:0:99999:7:::\n");
        var unshare = Tool.Find("unshare");
        if ((await unshare.RunAsync(cancellation, "--mount", "true")).Code != 0)
        {
            Assert.Ignore("a mount namespace, for dante's passwords, takes root");
        }

        await server.RunAsync(
            unshare,
            ["--mount", "sh", "-c", "mount --bind passwd /etc/passwd && mount --bind shadow /etc/shadow && exec \"$0\" -f danted.conf -N 1", dante.Path],
            cancellation);
        return server;
    }

    public void Dispose()
    {
        // Its children find their parent gone, and go.
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(Tool tool, string[] arguments, CancellationToken cancellation)
    {
        var process = _process = tool.StartIn(_folder.Path, arguments);

        // What it says is only read when it fails; a full pipe would stop it.
        var error = process.StandardError.ReadToEndAsync(cancellation);
        _ = process.StandardOutput.ReadToEndAsync(cancellation);
        try
        {
            await Wait.UntilAsync(() => process.HasExited || Listens(), "the SOCKS server to listen");
            Assert.That(process.HasExited, Is.False, () => error.Result);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
