using System.Runtime.InteropServices;

namespace Telemt.Core.Fronting;

/// <summary>One way in which a host answers an offer, with the lengths of its encrypted flights. Not for two threads.</summary>
internal sealed class HostVariant(ushort firstSuite, HostFlight flight)
{
    /// <summary>Fewer lengths of a round than this say nothing about the older ones.</summary>
    private const int TellingSizes = 3;

    private readonly List<int> _sizes = [];
    private readonly List<int> _fresh = [];

    /// <summary>The client's first suite of TLS 1.3 in that offer.</summary>
    public ushort FirstSuite { get; } = firstSuite;

    public HostFlight Flight { get; } = flight;

    public int Count => _sizes.Count + _fresh.Count;

    public IEnumerable<int> Sizes => _sizes.Concat(_fresh);

    public bool IsLike(HostFlight other) =>
        Flight.Kind == other.Kind
        && Flight.Suite == other.Suite
        && Flight.Group == other.Group
        && Flight.Extensions.AsSpan().SequenceEqual(other.Extensions.AsSpan());

    public void Add(ReadOnlySpan<int> sizes)
    {
        _fresh.AddRange(sizes);
        _fresh.RemoveRange(0, Math.Max(0, _fresh.Count - HostObservations.MostSizes));
    }

    /// <summary>The end of a round: lengths that none of it resembles are those of a certificate that the host no longer has.</summary>
    public void EndRound()
    {
        if (_fresh.Count >= TellingSizes && _sizes.Count > 0)
        {
            var (shortest, longest) = (_sizes.Min(), _sizes.Max());
            if (!_fresh.Exists(size => size >= shortest && size <= longest))
            {
                _sizes.Clear();
            }
        }

        _sizes.AddRange(_fresh);
        _sizes.RemoveRange(0, Math.Max(0, _sizes.Count - HostObservations.MostSizes));
        _fresh.Clear();
    }

    /// <param name="instead">Stands in for the sizes of a refusal, which has none.</param>
    public HostAnswer ToAnswer(FlightSizes? instead = null) => new()
    {
        Refuses = Flight.Kind == HostFlightKind.Alert,
        Suite = Flight.Suite,
        Group = Flight.Group,
        Extensions = Flight.Extensions,
        Sizes = instead ?? new FlightSizes(CollectionsMarshal.AsSpan(Sizes.ToList())),
    };
}
