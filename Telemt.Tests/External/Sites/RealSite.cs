using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External.Sites;

/// <summary>A real web server with a configuration, a port, a certificate and a folder of its own. Its patience is short: tests see it run out.</summary>
internal abstract class RealSite : IDisposable
{
    public const string Page = "<!doctype html><title>A page</title><p>Hello.\n";
    public const int LargeSize = 10 * 1024 * 1024;

    private Process? _process;

    public int Port { get; } = Ports.Free();

    /// <summary>Served as /large.</summary>
    public byte[] Large { get; } = Masking.RandomBytes(LargeSize);

    protected TempFolder Folder { get; } = new();

    /// <summary>Skips the test when the program that this takes is missing.</summary>
    public static async Task<RealSite> StartAsync(string server, SiteOptions options)
    {
        RealSite site = server == "nginx" ? new NginxSite() : new ApacheSite();
        try
        {
            Directory.CreateDirectory(site.Folder["www"]);
            site.Folder.Write("www/index.html", Page);
            await File.WriteAllBytesAsync(site.Folder["www/large"], site.Large);
            SiteCertificate.Write(site.Folder.Path, ProxyFixture.Domain, options);
            site._process = site.Start(options);
            await Wait.UntilAsync(() => site._process.HasExited || site.Listens(), $"{server} to listen");
            Assert.That(site._process.HasExited, Is.False, () => site._process.StandardError.ReadToEnd());
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
            Stop(_process);
            _process.WaitForExit();
            _process.Dispose();
        }

        Folder.Dispose();
    }

    protected abstract Process Start(SiteOptions options);

    protected virtual void Stop(Process process) => process.Kill();

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
}
