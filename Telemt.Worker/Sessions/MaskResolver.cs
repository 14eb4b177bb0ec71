using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Telemt.Core.Settings;

namespace Telemt.Worker.Sessions;

/// <summary>
/// Where the mask host is. A name is looked up off the loops and kept for a minute, so that a flood of strangers is no flood of
/// questions; an answer that leads back to ourselves is refused.
/// </summary>
internal sealed class MaskResolver(TimeProvider clock, LocalAddresses localAddresses, ILogger<MaskResolver> log)
{
    private const int MostNames = 256;
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeepFailure = TimeSpan.FromSeconds(5);

    private readonly LogThrottle _loops = new(clock);
    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>Where to dial, or nothing: the reason is logged.</returns>
    public async ValueTask<ImmutableArray<EndPoint>> ResolveAsync(ProxySettings settings, string? host, int port, long patienceMilliseconds)
    {
        if (host is null)
        {
            return [];
        }

        if (host.StartsWith('/'))
        {
            return [new UnixDomainSocketEndPoint(host)];
        }

        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await LookUpAsync(host, patienceMilliseconds);
        var targets = ImmutableArray.CreateBuilder<EndPoint>(addresses.Length);
        foreach (var address in addresses)
        {
            if (IsOurselves(settings, address, port))
            {
                if (_loops.TryPass(out _))
                {
                    log.MaskLoop(host, address.ToString());
                }

                continue;
            }

            targets.Add(new IPEndPoint(address, port));
        }

        return targets.DrainToImmutable();
    }

    /// <summary>True when a connection from this host to there comes back to us: by a listener, or by the address that links name.</summary>
    private bool IsOurselves(ProxySettings settings, IPAddress address, int port)
    {
        var reached = Reached(address);
        foreach (var listener in settings.Listeners)
        {
            if (listener.Port == port
                && listener.Address is { } own
                && (Takes(own, reached) || reached.Equals(listener.AnnounceIp) || reached.Equals(settings.PublicAddress.Address)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Takes(IPAddress own, IPAddress address) =>
        own.Equals(address) || (own.AddressFamily == address.AddressFamily && IsWildcard(own) && localAddresses.Contains(address));

    /// <summary>Where the kernel takes a connection: to 0.0.0.0 and :: it is the loopback's, which filtering resolvers like to answer.</summary>
    private static IPAddress Reached(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address.IsIPv4MappedToIPv6 ? Reached(address.MapToIPv4())
        : address;

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private async ValueTask<ImmutableArray<IPAddress>> LookUpAsync(string host, long patienceMilliseconds)
    {
        var now = clock.GetTimestamp();
        if (_answers.TryGetValue(host, out var known)
            && clock.GetElapsedTime(known.At, now) < (known.Addresses.IsEmpty ? KeepFailure : Keep))
        {
            return known.Addresses;
        }

        ImmutableArray<IPAddress> addresses;
        try
        {
            var patience = TimeSpan.FromMilliseconds(Math.Clamp(patienceMilliseconds, 1, int.MaxValue));
            addresses = [.. await Dns.GetHostAddressesAsync(host).WaitAsync(patience, clock)];
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            log.MaskUnresolved(host, e.Message);
            addresses = known?.Addresses ?? [];
        }

        if (_answers.Count >= MostNames)
        {
            _answers.Clear();
        }

        _answers[host] = new Answer(now, addresses);
        return addresses;
    }

    private sealed record Answer(long At, ImmutableArray<IPAddress> Addresses);
}
