using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Links;

/// <summary>Asks web services that answer with the caller's address and nothing else.</summary>
internal sealed partial class HttpAddressLookup(ILogger<HttpAddressLookup> logger) : IAddressLookup
{
    private const int MaxAnswer = 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly Uri[] BuiltIn =
    [
        new("https://api.ipify.org"),
        new("https://checkip.amazonaws.com"),
        new("https://icanhazip.com"),
    ];

    public async Task<IPAddress?> FindAsync(Uri? url, CancellationToken cancellationToken)
    {
        // Over IPv4, since that is what address translation hides; an address of the other family is our own where we have one. A client
        // for each search: it happens every few hours, and nothing is kept in between.
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            MaxAutomaticRedirections = 3,
            ConnectCallback = url is null ? ConnectIpv4Async : null,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = MaxAnswer };
        foreach (var candidate in url is null ? BuiltIn : [url])
        {
            if (await AskAsync(client, candidate, cancellationToken) is { } address)
            {
                return address;
            }
        }

        return null;
    }

    private static async ValueTask<Stream> ConnectIpv4Async(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress?> AskAsync(HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.GetStringAsync(url, cancellationToken);
            if (IPAddress.TryParse(answer.Trim(), out var address) && PublicRange.Contains(address))
            {
                return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            }

            LogNoAddress(url.Host);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogNoAnswer(url.Host, e.Message);
        }

        return null;
    }

    [LoggerMessage(7001, LogLevel.Debug, "{Host} did not answer with a public address")]
    private partial void LogNoAddress(string host);

    [LoggerMessage(7002, LogLevel.Debug, "{Host} could not be asked for the public address: {Reason}")]
    private partial void LogNoAnswer(string host, string reason);
}
