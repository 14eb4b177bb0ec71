using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telemt.Core;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.Configuration;
using Telemt.Worker.Hosting;

namespace Telemt.Worker.Selftest;

/// <summary>
/// The real proxy, all of its host, in this process: on a free loopback port, from a telemt.toml of its own in a temporary folder,
/// with every data centre where the given address is. Needs no network.
/// </summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    public const string Domain = "selftest.example";
    public const string User = "selftest";

    /// <summary>Somebody else may take a free port before we do.</summary>
    private const int Attempts = 5;

    private readonly IHost _host;
    private readonly DirectoryInfo _folder;

    private LoopbackProxy(IHost host, DirectoryInfo folder, Secret secret, int port)
    {
        (_host, _folder, Secret) = (host, folder, secret);
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The key of the only user.</summary>
    public Secret Secret { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>The configuration; an edit is noticed as on any host.</summary>
    public string File => FileIn(_folder);

    /// <summary>Listens when it returns.</summary>
    /// <param name="telegram">Where every data centre is said to be.</param>
    /// <param name="extra">Root keys for the configuration, one a line.</param>
    public static async Task<LoopbackProxy> StartAsync(
        EndPoint telegram,
        IRandomSource random,
        string extra = "",
        CancellationToken cancellation = default)
    {
        var bytes = new byte[Secret.Size];
        random.Fill(bytes);
        var secret = new Secret(bytes);
        var folder = Directory.CreateTempSubdirectory("telemt-selftest-");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            await System.IO.File.WriteAllTextAsync(FileIn(folder), Configuration(folder, port, secret, telegram, extra), cancellation);
            var host = TelemtHost.Build(
                FileIn(folder), ConfigurationOverrides.None, TextWriter.Null, services => services.AddLogging(log => log.ClearProviders()));
            try
            {
                await host.StartAsync(cancellation);
                return new LoopbackProxy(host, folder, secret, port);
            }
            catch (Listening.ListenException) when (attempt < Attempts)
            {
                host.Dispose();
            }
            catch
            {
                host.Dispose();
                folder.Delete(recursive: true);
                throw;
            }
        }
    }

    public ClientSecret ClientSecret(ClientMode mode) => Core.Wire.ClientSecret.For(Secret, mode, Domain);

    public ProxyLink Link(ClientMode mode) => new(EndPoint.Address.ToString(), EndPoint.Port, ClientSecret(mode));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string FileIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "telemt.toml");

    /// <summary>The state has a folder of its own: that of a service, named by the environment, belongs to the proxy that serves.</summary>
    private static string Configuration(DirectoryInfo folder, int port, Secret secret, EndPoint telegram, string extra) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        port = {port}
        public_ip = "127.0.0.1"
        tls_domain = "{Domain}"
        mask = false
        state = '{folder.FullName}'
        {extra}

        [modes]
        classic = true
        secure = true
        tls = true

        [users]
        {User} = "{SecretText.ToHex(Core.Wire.ClientSecret.Classic(secret))}"

        [timeouts]
        drain = 1

        [[listeners]]
        ip = "127.0.0.1"

        [control]
        enabled = false

        [dc_overrides]
        1 = "{telegram}"
        2 = "{telegram}"
        3 = "{telegram}"
        4 = "{telegram}"
        5 = "{telegram}"
        203 = "{telegram}"
        10001 = "{telegram}"
        10002 = "{telegram}"
        10003 = "{telegram}"

        """);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
