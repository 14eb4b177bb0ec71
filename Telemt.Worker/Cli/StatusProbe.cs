using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Telemt.Core.Settings;
using Telemt.Worker.Control.Api;

namespace Telemt.Worker.Cli;

/// <summary>Asks the proxy that runs by these settings on this host, by the API of its page; where that is off, whether its port is open.</summary>
internal sealed class StatusProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly ProxySettings _settings;
    private readonly HttpClient _http;

    public StatusProbe(ProxySettings settings)
    {
        _settings = settings;
        var control = settings.Control;
        var scheme = control.Certificate is null ? "http" : "https";
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,

            // Its names are for browsers elsewhere; here it is known by being the one of the file.
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => control.Certificate is { } path && IsOf(path, shown) },
        })
        {
            BaseAddress = new Uri($"{scheme}://{new IPEndPoint(Near(control.Listen.Address), control.Listen.Port)}"),
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = control.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
    }

    public void Dispose() => _http.Dispose();

    public async Task<bool> IsAliveAsync(CancellationToken cancellation)
    {
        if (!_settings.Control.Enabled)
        {
            return await IsListeningAsync(cancellation);
        }

        try
        {
            using var answer = await _http.GetAsync("/healthz", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsNoAnswer(e, cancellation))
        {
            return false;
        }
    }

    /// <returns>The overview, or in words why there is none.</returns>
    public async Task<(StatusDocument? Status, string? Problem)> ReadAsync(CancellationToken cancellation)
    {
        if (!_settings.Control.Enabled)
        {
            var state = await IsListeningAsync(cancellation) ? "the port is open" : "the port is closed";
            return (null, $"{state}; there is more to tell with [control] enabled = true");
        }

        try
        {
            using var answer = await _http.GetAsync("/api/v1/status", cancellation);
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync(ControlJson.Default.StatusDocument, cancellation), null)
                : (null, $"{_http.BaseAddress} answers {(int)answer.StatusCode} {answer.ReasonPhrase}: is this the file that it runs by?");
        }
        catch (Exception e) when (IsNoAnswer(e, cancellation))
        {
            return (null, $"{_http.BaseAddress} does not answer ({(e is HttpRequestException ? e.Message : "timed out")}): does telemt run?");
        }
    }

    private static bool IsOf(string path, X509Certificate? shown)
    {
        using var own = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        return shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(own.RawDataMemory.Span);
    }

    private static bool IsNoAnswer(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private async Task<bool> IsListeningAsync(CancellationToken cancellation)
    {
        var listener = _settings.Listeners[0];
        EndPoint at = listener.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(Near(listener.Address!), listener.Port);
        using var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(at, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Where that which listens on every address is reached from here.</summary>
    private static IPAddress Near(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
}
