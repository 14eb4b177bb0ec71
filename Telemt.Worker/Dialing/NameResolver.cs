using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Telemt.Worker.Dialing;

/// <summary>Looks names of DCs and SOCKS servers up, off the loops, and keeps an answer for a minute. Safe for any thread.</summary>
internal sealed class NameResolver(TimeProvider clock)
{
    private const int MostNames = 256;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>Nothing when the name has no address. An old answer is better than none: a resolver that fails does not end what works.</returns>
    public async ValueTask<ImmutableArray<IPAddress>> ResolveAsync(string host)
    {
        var known = _answers.GetValueOrDefault(host);
        if (known is not null && clock.GetElapsedTime(known.At) < Keep)
        {
            return known.Addresses;
        }

        try
        {
            using var limit = new CancellationTokenSource(Patience);
            ImmutableArray<IPAddress> addresses = [.. await Dns.GetHostAddressesAsync(host, limit.Token)];
            if (_answers.Count >= MostNames)
            {
                _answers.Clear();
            }

            _answers[host] = new Answer(clock.GetTimestamp(), addresses);
            return addresses;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException)
        {
            return known?.Addresses ?? [];
        }
    }

    private sealed record Answer(long At, ImmutableArray<IPAddress> Addresses);
}
