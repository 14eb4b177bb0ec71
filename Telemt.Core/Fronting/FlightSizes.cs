using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>How long a host's encrypted flights are: what the one record of ours that stands for them may be long. Immutable.</summary>
internal sealed class FlightSizes
{
    /// <summary>iOS closes on a longer record of the first flight, its header counted (PROTOCOL D.6).</summary>
    public const int Most = 10_240 - TlsRecord.HeaderSize;

    /// <summary>The spread of one ECDSA signature, whose two numbers take a byte more or not with even odds: 1, 2 and 1 in 4.</summary>
    private const int SignatureSpread = 2;

    private readonly ImmutableArray<int> _seen;
    private readonly bool _isSignature;

    /// <param name="seen">Payload lengths, one for each flight that was seen; at least one.</param>
    public FlightSizes(params ReadOnlySpan<int> seen)
    {
        var sorted = seen.ToArray();
        Array.Sort(sorted);
        _seen = ImmutableCollectionsMarshal.AsImmutableArray(sorted);
        _isSignature = Longest - Shortest == SignatureSpread;
    }

    public int Shortest => _seen[0];

    public int Longest => _seen[^1];

    public int Count => _seen.Length;

    /// <summary>In order of length.</summary>
    public ImmutableArray<int> Seen => _seen;

    /// <summary>
    /// The payload of ours that looks most like a host's records: theirs, when there is one or the first is nearly all of them (session
    /// tickets follow); of several equals, which OpenSSL sends a message each, all bytes that they take on the wire.
    /// </summary>
    public static int Of(ReadOnlySpan<int> records)
    {
        var total = -TlsRecord.HeaderSize;
        foreach (var record in records)
        {
            total += record + TlsRecord.HeaderSize;
        }

        return records[0] * 2 >= total ? records[0] : total;
    }

    /// <summary>One of the lengths, as often as the host shows it.</summary>
    public int Choose(IRandomSource random)
    {
        var drawn = Draw(random);
        var chosen = _isSignature ? Shortest + (drawn & 1) + ((drawn >> 1) & 1) : _seen[drawn % _seen.Length];
        return Math.Min(Most, chosen);
    }

    /// <summary>The bias of a remainder is far below what anyone could see in lengths.</summary>
    private static int Draw(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) & int.MaxValue);
    }
}
