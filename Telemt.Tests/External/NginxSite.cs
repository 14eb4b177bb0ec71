using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>A real web server with a configuration, a port, a certificate and a folder of its own.</summary>
internal sealed class NginxSite : IDisposable
{
    public const string Page = "<!doctype html><title>A page</title><p>Hello.\n";
    public const int LargeSize = 10 * 1024 * 1024;

    private readonly TempFolder _folder = new();
    private Process? _process;

    private NginxSite()
    {
    }

    public int Port { get; } = Ports.Free();

    /// <summary>Served as /large.</summary>
    public byte[] Large { get; } = Masking.RandomBytes(LargeSize);

    /// <summary>Skips the test when a program that this takes is missing.</summary>
    public static async Task<NginxSite> StartAsync(CancellationToken cancellation)
    {
        var (nginx, openssl) = (Tool.Find("nginx"), Tool.Find("openssl"));
        var site = new NginxSite();
        try
        {
            await site.PrepareAsync(openssl, cancellation);
            await site.RunAsync(nginx, cancellation);
            return site;
        }
        catch
        {
            site.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private async Task PrepareAsync(Tool openssl, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder["www"]);
        _folder.Write("www/index.html", Page);
        await File.WriteAllBytesAsync(_folder["www/large"], Large, cancellation);
        _folder.Write("nginx.conf", Configuration());

        // RSA: its signatures are all of one length, so that the lengths of two handshakes can be compared.
        var made = await openssl.RunAsync(
            cancellation,
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", _folder["key.pem"], "-out", _folder["cert.pem"],
            "-days", "30", "-subj", "/CN=" + ProxyFixture.Domain, "-addext", "subjectAltName=DNS:" + ProxyFixture.Domain);
        Assert.That(made.Code, Is.Zero, made.Error);
    }

    private async Task RunAsync(Tool nginx, CancellationToken cancellation)
    {
        _process = nginx.Start("-e", _folder["error.log"], "-p", _folder.Path, "-c", _folder["nginx.conf"]);
        await Wait.UntilAsync(() => _process.HasExited || Listens(), "nginx to listen");
        Assert.That(_process.HasExited, Is.False, () => _process.StandardError.ReadToEnd());
        cancellation.ThrowIfCancellationRequested();
    }

    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>One process, which is the one that we end. Its patience is short: tests see it run out.</summary>
    private string Configuration() =>
        $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            client_header_timeout 2s;
            keepalive_timeout 2s;
            server {
                listen 127.0.0.1:{{Port}} ssl http2;
                server_name {{ProxyFixture.Domain}};
                ssl_certificate cert.pem;
                ssl_certificate_key key.pem;
                ssl_protocols TLSv1.2 TLSv1.3;
                root www;
            }
        }

        """;
}
