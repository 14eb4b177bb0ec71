using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Control.Api;
using Telemt.Worker.Control.Http;

namespace Telemt.Worker.Control;

/// <summary>One web server on one address: the platform's, with as little around it as there can be, and strict bounds.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int MaxConnections = 64;
    private const int MaxHeaders = 16 * 1024;
    private const int MaxRequestLine = 4 * 1024;
    private const int AddressInUse = (int)SocketError.AddressAlreadyInUse;

    private static readonly TimeSpan HeadersLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;

    private ControlServer(WebApplication app, string address, CancellationTokenSource stopping)
    {
        (_app, Address, _stopping) = (app, address, stopping);
    }

    /// <summary>For a browser on this host.</summary>
    public string Address { get; }

    /// <returns>The server, which listens; or why there is none, with a cure.</returns>
    public static async Task<(ControlServer? Server, string? Problem)> StartAsync(
        IServiceProvider services, ControlSettings wanted, CancellationToken cancellation)
    {
        var stopping = new CancellationTokenSource();
        ControlCertificate? certificate = null;
        WebApplication? app = null;
        try
        {
            certificate = wanted.Certificate is { } path ? new ControlCertificate(path, services.GetRequiredService<ILogger<ControlServer>>()) : null;
            app = Build(services, wanted.Listen, certificate, stopping.Token);
            await app.StartAsync(cancellation);
            return (new ControlServer(app, $"{(certificate is null ? "http" : "https")}://{wanted.Listen}", stopping), null);
        }
        catch (Exception failure) when (failure is IOException or SocketException or CryptographicException or UnauthorizedAccessException)
        {
            stopping.Dispose();
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            return (null, Describe(failure, wanted));
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Streams would hold the stop up.
        await _stopping.CancelAsync();
        using (var limit = new CancellationTokenSource(StopLimit))
        {
            try
            {
                await _app.StopAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Who does not let go is cut off.
            }
        }

        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(IServiceProvider services, IPEndPoint listen, ControlCertificate? certificate, CancellationToken stopping)
    {
        var settings = services.GetRequiredService<IOptionsMonitor<ProxySettings>>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "telemt" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxLength;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
            kestrel.Limits.RequestHeadersTimeout = HeadersLimit;
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            kestrel.Listen(listen, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(next => connection => Admits(connection, settings.CurrentValue.Control) ? next(connection) : Task.CompletedTask);
                if (certificate is not null)
                {
                    endpoint.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
                }
            });
        });

        // Signals are the proxy's affair; its log tells what matters, in its own words.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<ILoggerFactory, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory>();
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var guard = new RequestGuard(settings, certificate, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ControlServer>>());
        app.Use(guard.Wrap);
        ApiRoutes.Map(app, services, stopping);
        PageFiles.Map(app);
        return app;
    }

    /// <summary>Strangers do not get as far as a handshake.</summary>
    private static bool Admits(ConnectionContext connection, ControlSettings settings) =>
        connection.RemoteEndPoint is IPEndPoint remote && RequestGuard.IsAllowed(remote.Address, settings);

    private static string Describe(Exception failure, ControlSettings wanted) => failure switch
    {
        AddressInUseException or { InnerException: AddressInUseException } or SocketException { ErrorCode: AddressInUse } =>
            $"another program listens there: find it with 'ss -ltnp sport = :{wanted.Listen.Port}', or give control.listen another port",
        _ when failure is CryptographicException || failure.Message.Contains(wanted.Certificate ?? "\0", StringComparison.Ordinal) =>
            $"its certificate {wanted.Certificate} cannot be used ({failure.Message}): it is a PEM file with the certificate and its key",
        _ => failure.Message,
    };

    /// <summary>The web server's host ends when it is told to, and at nothing else.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
