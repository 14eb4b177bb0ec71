using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Settings;

namespace Telemt.Worker.Middle;

/// <summary>
/// By HTTP: directly, and where that is blocked through each SOCKS upstream in turn. A client for each download: there is one every few
/// hours, and nothing is kept in between.
/// </summary>
internal sealed class HttpMiddleDownload : IMiddleDownload
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public async Task<MiddleAnswer> GetAsync(Uri url, ImmutableArray<UpstreamSettings> upstreams, int most, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var upstream in upstreams.Where(upstream => upstream.Enabled && upstream.Kind != UpstreamKind.Direct).Prepend(null))
        {
            var answer = await GetAsync(url, upstream, most, cancellationToken);
            if (answer.Bytes is not null)
            {
                return answer;
            }

            problems.Add(upstream is null ? answer.Problem! : $"through {upstream.Name}: {answer.Problem}");
        }

        return new MiddleAnswer(null, null, string.Join("; ", problems));
    }

    private static async Task<MiddleAnswer> GetAsync(Uri url, UpstreamSettings? upstream, int most, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = upstream is not null,
            Proxy = upstream is null ? null : ProxyOf(upstream),
            UseCookies = false,
            MaxAutomaticRedirections = 3,
        };
        using var client = new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = most };
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new MiddleAnswer(null, response.Headers.Date, $"the answer is {(int)response.StatusCode} {response.ReasonPhrase}");
            }

            return new MiddleAnswer(await response.Content.ReadAsByteArrayAsync(cancellationToken), response.Headers.Date, null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException or IOException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new MiddleAnswer(null, null, e is OperationCanceledException ? $"no answer within {Timeout.TotalSeconds} s" : e.Message);
        }
    }

    private static WebProxy ProxyOf(UpstreamSettings upstream)
    {
        var scheme = upstream.Kind == UpstreamKind.Socks5 ? "socks5" : "socks4a";
        var user = upstream.Username ?? upstream.UserId;
        return new WebProxy(new Uri($"{scheme}://{upstream.Address}"))
        {
            Credentials = user is null ? null : new NetworkCredential(user, upstream.Password ?? ""),
        };
    }
}
