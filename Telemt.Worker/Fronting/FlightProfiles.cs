using System.Collections.Frozen;
using System.Threading.Channels;
using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;

namespace Telemt.Worker.Fronting;

/// <summary>The profiles in force. Written by <see cref="MaskProfileService"/>, read by every loop.</summary>
internal sealed class FlightProfiles(IRandomSource random, TimeProvider clock) : IFlightProfiles
{
    /// <summary>Offers that wait to be looked at; clients are of few kinds, and one too many is met again.</summary>
    private const int MostWaiting = 16;

    /// <summary>A kind of client that cannot be learned is not copied again for each of its connections.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FlightProfile _typical = FlightProfile.Typical(random);
    private readonly Channel<UnknownOffer> _unknown = Channel.CreateBounded<UnknownOffer>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private Published _published = Published.None;
    private long _lastUnknown;

    /// <summary>Offers of authentic clients that the host was not asked with yet.</summary>
    public ChannelReader<UnknownOffer> Unknown => _unknown.Reader;

    public FlightProfile For(string? domain)
    {
        var published = Volatile.Read(ref _published);
        return published.ByDomain.TryGetValue(domain ?? published.First, out var profile) ? profile : _typical;
    }

    public void OnUnknownOffer(string? domain, ReadOnlySpan<byte> record, in ClientHello hello)
    {
        // Without a profile of this host nobody asks.
        var published = Volatile.Read(ref _published);
        var (last, now) = (Volatile.Read(ref _lastUnknown), clock.GetTimestamp());
        if (published.ByDomain.ContainsKey(domain ?? published.First) && (last == 0 || clock.GetElapsedTime(last, now) >= Pause))
        {
            Volatile.Write(ref _lastUnknown, now);
            _unknown.Writer.TryWrite(new UnknownOffer(domain ?? published.First, record.ToArray()));
        }
    }

    /// <param name="first">The domain of clients that name none, or none of ours.</param>
    public void Publish(string first, IReadOnlyDictionary<string, FlightProfile> byDomain) =>
        Volatile.Write(ref _published, new Published(first, byDomain.ToFrozenDictionary(StringComparer.Ordinal)));

    private sealed record Published(string First, FrozenDictionary<string, FlightProfile> ByDomain)
    {
        public static Published None { get; } = new("", FrozenDictionary<string, FlightProfile>.Empty);
    }
}
