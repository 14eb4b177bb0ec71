using System.Buffers.Binary;
using System.Collections.Immutable;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// What the mask host's first flight looks like, as far as an observer can see it: what our ServerHello copies. Immutable. Nothing
/// of it is checked by Telegram's clients; all of it can be compared with the mask host's own answers.
/// </summary>
internal sealed record FlightProfile
{
    /// <summary>iOS closes on a longer record of the first flight, its header counted (PROTOCOL D.6).</summary>
    public const int MaxFlight = 10_240 - TlsRecord.HeaderSize;

    private const int TypicalShortest = 2_500;
    private const int TypicalLongest = 4_200;

    /// <summary>ECDSA signatures differ by a byte or two from answer to answer; nothing else of a flight does.</summary>
    private const int TypicalSpread = 2;

    /// <summary>Suites that the host prefers, whatever the client's order; empty for a host that follows the client.</summary>
    public ImmutableArray<ushort> Suites { get; init; } = [];

    /// <summary>True for OpenSSL's order of extensions, false for BoringSSL's (key_share first).</summary>
    public bool VersionsFirst { get; init; } = true;

    /// <summary>
    /// <see cref="Tls13.X25519"/>, or <see cref="Tls13.X25519MlKem768"/>, which is used for clients that sent such a key.
    /// </summary>
    public ushort Group { get; init; } = Tls13.X25519;

    /// <summary>Shortest payload of the one encrypted record.</summary>
    public required int ShortestFlight { get; init; }

    /// <summary>Longest payload of the one encrypted record; not less than <see cref="ShortestFlight"/>.</summary>
    public required int LongestFlight { get; init; }

    /// <summary>
    /// A host like most: OpenSSL, a chain of two certificates. Made once, and then kept: a site whose flight changed from one
    /// connection to the next would be an odd one.
    /// </summary>
    public static FlightProfile Typical(IRandomSource random)
    {
        var length = TypicalShortest + Below(random, TypicalLongest - TypicalShortest - TypicalSpread + 1);
        return new FlightProfile { ShortestFlight = length, LongestFlight = length + TypicalSpread };
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

    /// <summary>The group of the key share that this host would answer with.</summary>
    public ushort ChooseGroup(in ClientHello hello, ReadOnlySpan<byte> record)
        => Group == Tls13.X25519MlKem768 && hello.OffersKeyShare(record, Group) ? Group : Tls13.X25519;

    public int ChooseFlight(IRandomSource random)
        => Math.Min(MaxFlight, ShortestFlight + Below(random, LongestFlight - ShortestFlight + 1));

    /// <summary>0..bound-1; the bias of the remainder is far below what anyone could see in lengths.</summary>
    private static int Below(IRandomSource random, int bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) % (uint)bound);
    }
}
