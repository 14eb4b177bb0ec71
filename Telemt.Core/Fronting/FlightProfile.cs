using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// What the mask host's first flight looks like, as far as an observer can see it, and so what ours looks like. Immutable. An offer that
/// the host was asked with is answered as the host answered it; any other by what the host's answers have in common. Nothing of it is
/// checked by Telegram's clients; all of it can be compared with the host's own answers.
/// </summary>
internal sealed record FlightProfile
{
    private const int TypicalShortest = 2_500;
    private const int TypicalLongest = 4_200;
    private const int TypicalSpread = 2;

    /// <summary>Microseconds: a host that takes longer had a bad moment, which no client is to wait for.</summary>
    private const int MostDelay = 500_000;

    /// <summary>A Finished of SHA-384 is so much longer than one of SHA-256.</summary>
    private const int LongerFinished = 16;

    /// <summary>Suites that the host prefers, whatever the client's order; empty for a host that follows the client.</summary>
    public ImmutableArray<ushort> Suites { get; init; } = [];

    /// <summary>For offers that the host was never asked with.</summary>
    public required HostAnswer Typically { get; init; }

    /// <summary>True for a host that answers with <see cref="Tls13.X25519MlKem768"/> whoever sent such a key.</summary>
    public bool ChoosesMlKem { get; init; }

    /// <summary>By <see cref="HelloPrint"/>.</summary>
    public FrozenDictionary<ulong, HostAnswer> Offers { get; init; } = FrozenDictionary<ulong, HostAnswer>.Empty;

    /// <summary>
    /// Microseconds from a stranger's hello to the host's flight, the way there included: each as it was measured. Empty: at once.
    /// </summary>
    public ImmutableArray<int> Delays { get; init; } = [];

    /// <summary>Microseconds; 0 for a host that was not measured.</summary>
    public int MedianDelay => Delays.IsEmpty ? 0 : Delays.Sort()[Delays.Length / 2];

    /// <summary>
    /// A host like most: OpenSSL, a chain of two certificates. Made once, and then kept: a site whose flight changed from one
    /// connection to the next would be an odd one.
    /// </summary>
    public static FlightProfile Typical(IRandomSource random)
    {
        var length = TypicalShortest + (Draw(random) % (TypicalLongest - TypicalShortest - TypicalSpread + 1));
        return new FlightProfile
        {
            Typically = new HostAnswer
            {
                Suite = Tls13.Aes128GcmSha256,
                Group = Tls13.X25519,
                Extensions = HostAnswer.VersionsFirst,
                Sizes = new FlightSizes(length, length + 1, length + TypicalSpread),
            },
        };
    }

    /// <summary>Whether the host was asked with an offer like this one.</summary>
    public bool Knows(ulong offer) => Offers.ContainsKey(offer);

    /// <summary>Our answer to this hello, or null when the host itself would not go on with it: then it is the host's to answer.</summary>
    /// <param name="offer">The hello's <see cref="HelloPrint"/>.</param>
    /// <param name="path">Asked only when it matters.</param>
    public FlightShape? Answer(
        in ClientHello hello, ReadOnlySpan<byte> record, ulong offer, KeyShareChoice choice, IClientPath? path, IRandomSource random)
    {
        var known = Offers.GetValueOrDefault(offer);
        if (known is { Refuses: true })
        {
            return null;
        }

        var suite = known is not null && hello.OffersSuite(record, known.Suite) ? known.Suite : ChooseSuite(hello, record);
        var group = ChooseGroup(hello, record, known, choice, path);
        if (suite == 0 || !hello.OffersKeyShare(record, group))
        {
            return null;
        }

        var answer = known ?? Typically;
        var flight = answer.Sizes.Choose(random) + FinishedOf(suite) - FinishedOf(answer.Suite);
        return new FlightShape(suite, group, answer.Extensions, Math.Min(FlightSizes.Most, flight));
    }

    /// <summary>The suite that this host would choose; 0 when the client offers none of TLS 1.3.</summary>
    public ushort ChooseSuite(in ClientHello hello, ReadOnlySpan<byte> record)
    {
        foreach (var suite in Suites)
        {
            if (Tls13.IsSuite(suite) && hello.OffersSuite(record, suite))
            {
                return suite;
            }
        }

        return hello.FirstTls13Suite(record);
    }

    /// <summary>
    /// Milliseconds from the loop's time of the hello to our flight. That time is rounded down, half a millisecond on average; the rest
    /// is rounded by chance, so that the mean is the host's.
    /// </summary>
    public int ChooseDelay(IRandomSource random)
        => Delays.IsEmpty ? 0 : (Math.Min(MostDelay, Delays[Draw(random) % Delays.Length]) + 500 + (Draw(random) % 1000)) / 1000;

    private ushort ChooseGroup(
        in ClientHello hello, ReadOnlySpan<byte> record, HostAnswer? known, KeyShareChoice choice, IClientPath? path)
    {
        var isWanted = choice switch
        {
            KeyShareChoice.X25519 => false,
            KeyShareChoice.X25519MlKem768 => true,
            _ => known is null ? ChoosesMlKem : known.Group == Tls13.X25519MlKem768,
        };
        return isWanted
            && hello.OffersKeyShare(record, Tls13.X25519MlKem768)
            && !SegmentBorder.CutsLongHello(path?.SegmentSize ?? 0)
                ? Tls13.X25519MlKem768
                : Tls13.X25519;
    }

    private static int FinishedOf(ushort suite) => suite == Tls13.Aes256GcmSha384 ? LongerFinished : 0;

    private static int Draw(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) & int.MaxValue);
    }
}
