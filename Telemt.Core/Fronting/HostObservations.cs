using System.Collections.Frozen;
using System.Collections.Immutable;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// What was seen of one mask host, offer by offer, and the profile that follows from it: of several different answers to one offer, as
/// hosts behind a balancer give them, the one that was most frequent of late. Bounded: an offer too many is not noted, and the newest
/// sizes and delays take the place of the oldest. Not for two threads.
/// </summary>
internal sealed class HostObservations
{
    public const int MostOffers = 24;
    public const int MostSizes = 256;
    public const int MostDelays = 64;

    private readonly Dictionary<ulong, Offer> _offers = [];
    private readonly List<int> _delays = [];

    public int Count => _offers.Count;

    /// <summary>Microseconds, oldest first.</summary>
    public ImmutableArray<int> Delays => [.. _delays];

    /// <summary>Everything noted, to be kept.</summary>
    public IEnumerable<(ulong Offer, HostVariant Variant)> All =>
        _offers.SelectMany(offer => offer.Value.Variants.Select(variant => (offer.Key, variant)));

    /// <summary>Lengths noted for an offer.</summary>
    public int CountOf(ulong offer) => _offers.TryGetValue(offer, out var noted) ? noted.Variants.Sum(variant => variant.Count) : 0;

    /// <summary>The host answered an offer. What is no answer in TLS 1.3 and no refusal says nothing for later.</summary>
    /// <param name="offer">The offer's <see cref="HelloPrint"/>.</param>
    /// <param name="firstSuite">Its first suite of TLS 1.3.</param>
    public void Note(ulong offer, ushort firstSuite, HostFlight flight)
    {
        var size = flight.Records.IsEmpty ? 0 : FlightSizes.Of(flight.Records.AsSpan());
        Note(offer, firstSuite, flight, [size]);
    }

    /// <summary>What was kept comes back.</summary>
    public void Note(ulong offer, ushort firstSuite, HostFlight flight, ReadOnlySpan<int> sizes)
    {
        var isAnswer = flight.Kind == HostFlightKind.Tls13 && Tls13.IsSuite(flight.Suite) && !sizes.IsEmpty && sizes[0] > 0;
        if (!isAnswer && flight.Kind != HostFlightKind.Retry && !IsRefusal(flight))
        {
            return;
        }

        if (!_offers.TryGetValue(offer, out var noted))
        {
            if (_offers.Count == MostOffers)
            {
                return;
            }

            _offers[offer] = noted = new Offer();
        }

        noted.For(firstSuite, flight).Add(sizes);
    }

    /// <param name="microseconds">From the begin of the dial to the host's first byte.</param>
    public void NoteDelay(int microseconds)
    {
        _delays.Add(microseconds);
        _delays.RemoveRange(0, Math.Max(0, _delays.Count - MostDelays));
    }

    /// <summary>Every offer was asked a few times: what no longer holds is forgotten.</summary>
    public void EndRound()
    {
        foreach (var (_, variant) in All)
        {
            variant.EndRound();
        }
    }

    /// <summary>The profile that follows, or null as long as the host has spoken TLS 1.3 with nobody.</summary>
    public FlightProfile? ToProfile()
    {
        var present = _offers.ToDictionary(offer => offer.Key, offer => offer.Value.Present);
        var answers = present.Values.Where(variant => variant.Flight.Kind == HostFlightKind.Tls13).ToList();
        if (answers.Count == 0)
        {
            return null;
        }

        var typical = answers.MaxBy(variant => variant.Count)!.ToAnswer();
        return new FlightProfile
        {
            Suites = Preferred(answers),
            ChoosesMlKem = answers.Exists(variant => variant.Flight.Group == Tls13.X25519MlKem768),
            Typically = typical,
            Offers = present
                .Where(offer => offer.Value.Flight.Kind != HostFlightKind.Retry)
                .ToFrozenDictionary(
                    offer => offer.Key,
                    offer => offer.Value.ToAnswer(offer.Value.Flight.Kind == HostFlightKind.Alert ? typical.Sizes : null)),
            Delays = Delays,
        };
    }

    /// <summary>
    /// Alerts that speak of the offer (RFC 8446, 6.2): handshake_failure, illegal_parameter, protocol_version, insufficient_security,
    /// missing_extension, unrecognized_name, no_application_protocol. Others come from a host's bad moment.
    /// </summary>
    private static bool IsRefusal(HostFlight flight)
        => flight is { Kind: HostFlightKind.Alert, Alert: 40 or 47 or 70 or 71 or 109 or 112 or 120 };

    /// <summary>A host that once chose another suite than the client's first goes by its own order.</summary>
    private static ImmutableArray<ushort> Preferred(List<HostVariant> answers)
    {
        var own = answers.Where(variant => variant.FirstSuite != 0 && variant.Flight.Suite != variant.FirstSuite);
        return [.. own.GroupBy(variant => variant.Flight.Suite).OrderByDescending(group => group.Count()).Select(group => group.Key)];
    }

    private sealed class Offer
    {
        private const int MostVariants = 4;
        private const int MostLately = 8;

        private readonly List<HostVariant> _lately = [];

        public List<HostVariant> Variants { get; } = [];

        public HostVariant Present => _lately.GroupBy(variant => variant).MaxBy(group => group.Count())!.Key;

        public HostVariant For(ushort firstSuite, HostFlight flight)
        {
            var variant = Variants.Find(each => each.IsLike(flight));
            if (variant is null)
            {
                variant = new HostVariant(firstSuite, flight);
                Variants.Add(variant);
            }

            _lately.Add(variant);
            _lately.RemoveRange(0, Math.Max(0, _lately.Count - MostLately));
            if (Variants.Count > MostVariants)
            {
                Variants.Remove(Variants.Find(each => !_lately.Contains(each)) ?? Variants[0]);
                _lately.RemoveAll(each => !Variants.Contains(each));
            }

            return variant;
        }
    }
}
