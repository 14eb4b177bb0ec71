using System.Collections.Immutable;
using System.Net;
using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;

namespace Telemt.Worker.Fronting;

/// <summary>
/// One host that is imitated: what was seen of it, and the offers that it is asked with. One after the other, as a visitor's browser
/// would; a host is never asked more than it would serve one reader of a page. Used by one task at a time.
/// </summary>
internal sealed class MaskHost(MaskTarget target, MaskProbe probe, IRandomSource random)
{
    /// <summary>Offers of clients beyond the ones that every host is asked with.</summary>
    private const int MostLearned = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ulong, byte[]> _learned = [];
    private bool _isWarm;
    private (int Shortest, int Longest, bool MlKem, bool OwnOrder) _told;

    public MaskTarget Target => target;

    public HostObservations Seen { get; } = new();

    /// <summary>Hellos that clients' offers are asked with, by offer.</summary>
    public IReadOnlyDictionary<ulong, byte[]> Learned => _learned;

    /// <summary>The last answer that no profile can come from; null when all is well.</summary>
    public MaskAnswer? Trouble { get; private set; }

    /// <summary>Records of the last flight seen.</summary>
    public int Records { get; private set; }

    /// <returns>False when the offer is known, or one too many.</returns>
    public bool TryLearn(ReadOnlySpan<byte> record)
    {
        if (_learned.Count >= MostLearned
            || ProbeHello.Like(record, random) is not { } hello
            || !ClientHello.TryParse(hello, out var parsed)
            || Seen.CountOf(HelloPrint.Of(hello, parsed)) > 0)
        {
            return false;
        }

        return _learned.TryAdd(HelloPrint.Of(hello, parsed), hello);
    }

    /// <summary>Asks once with each offer.</summary>
    /// <returns>False when the host did not answer at all.</returns>
    public async Task<bool> AskAllAsync(ImmutableArray<EndPoint> addresses, CancellationToken cancellation)
    {
        foreach (var style in ProbeHello.Styles.ToArray())
        {
            if (!await AskAsync(addresses, ProbeHello.Write(style, target.Domain, random), cancellation))
            {
                return false;
            }
        }

        foreach (var hello in _learned.Values.ToArray())
        {
            if (ProbeHello.Like(hello, random) is { } like && !await AskAsync(addresses, like, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> AskAsync(ImmutableArray<EndPoint> addresses, byte[] hello, CancellationToken cancellation)
    {
        // Nobody in particular asks.
        var sent = target.ProxyProtocol == 0 ? hello : [.. ProxyProtocolWriter.Write(target.ProxyProtocol, default, default), .. hello];
        var answer = MaskAnswer.None("the host has no address");
        foreach (var address in addresses)
        {
            answer = await probe.AskAsync(address, sent, Patience, cancellation);
            if (answer.Flight is not null)
            {
                break;
            }
        }

        if (answer.Flight is not { } flight)
        {
            Trouble = answer;
            return false;
        }

        Note(hello, flight, answer.Delay);
        Trouble = flight.Kind == HostFlightKind.Tls13 ? null : answer;
        return true;
    }

    private void Note(byte[] hello, HostFlight flight, TimeSpan delay)
    {
        if (!ClientHello.TryParse(hello, out var parsed))
        {
            return;
        }

        Records = flight.Kind == HostFlightKind.Tls13 ? flight.Records.Length : Records;
        Seen.Note(HelloPrint.Of(hello, parsed), parsed.FirstTls13Suite(hello), flight);

        // The first question of a process waits for code to be loaded, and the host for its own caches.
        if (flight.Kind == HostFlightKind.Tls13 && _isWarm)
        {
            Seen.NoteDelay((int)Math.Min(int.MaxValue, delay.TotalMicroseconds));
        }

        _isWarm = true;
    }

    /// <returns>False when a profile like this one was told of before.</returns>
    public bool TryTell(FlightProfile profile)
    {
        var sizes = profile.Typically.Sizes;
        var told = (sizes.Shortest, sizes.Longest, profile.ChoosesMlKem, !profile.Suites.IsEmpty);
        var isNew = told != _told;
        _told = told;
        return isNew;
    }

    /// <summary>What was kept comes back.</summary>
    public void Learn(ulong offer, byte[] hello)
    {
        if (_learned.Count < MostLearned)
        {
            _learned[offer] = hello;
        }
    }
}
