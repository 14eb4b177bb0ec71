using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;

namespace Telemt.Core.Users;

/// <summary>
/// The hashing of a scan over many users: a group of 32 at once, in vectors as wide as the host's. Words of one kind lie side by
/// side for the group ("word w of lane n" is at w × 32 + n), so a vector is one load.
/// </summary>
internal abstract class UserLanes
{
    /// <summary>Users of a group: two vectors of 512 bits, since two are hashed by turns.</summary>
    public const int Group = 32;

    public const int SecretWords = 4;

    /// <summary>The widest that this host has, or null when it has no vectors.</summary>
    public static UserLanes? ForThisHost()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return new UserLanes<Lanes512, Vector512<uint>>();
        }
        if (Vector256.IsHardwareAccelerated)
        {
            return new UserLanes<Lanes256, Vector256<uint>>();
        }
        return Vector128.IsHardwareAccelerated ? new UserLanes<Lanes128, Vector128<uint>>() : null;
    }

    /// <summary>HMAC-SHA256's states behind the key, inner and outer: a key fills a block of its own, so it is hashed once for good.</summary>
    /// <param name="secrets">4 words a lane.</param>
    /// <param name="inner">Receives 8 words a lane.</param>
    /// <param name="outer">Receives 8 words a lane.</param>
    public abstract void Prepare(ReadOnlySpan<uint> secrets, Span<uint> inner, Span<uint> outer);

    /// <summary>Words that <see cref="Schedule"/> writes for a message of so many bytes.</summary>
    public abstract int ScheduleLength(int messageLength);

    /// <summary>What all users' hashes of a hello have in common: its message schedule.</summary>
    /// <param name="record">The whole record; its digest field counts as zero.</param>
    /// <param name="schedule">Receives <see cref="ScheduleLength"/> words.</param>
    public abstract void Schedule(ReadOnlySpan<byte> record, Span<uint> schedule);

    /// <summary>Computes a hello's HMAC for a group and compares its first 28 bytes.</summary>
    /// <param name="inner">The group's, from <see cref="Prepare"/>.</param>
    /// <param name="outer">The group's, from <see cref="Prepare"/>.</param>
    /// <param name="count">Lanes in use; the others may match or not.</param>
    /// <param name="schedule">The hello's, from <see cref="Schedule"/>.</param>
    /// <param name="recordLength">Bytes of the record.</param>
    /// <param name="digest">The hello's random field as 7 big-endian words.</param>
    /// <returns>Bit n for lane n.</returns>
    public abstract uint MatchHello(
        ReadOnlySpan<uint> inner, ReadOnlySpan<uint> outer, int count, ReadOnlySpan<uint> schedule, int recordLength, ReadOnlySpan<uint> digest);

    /// <summary>SHA-256(seed, secret): the client-to-server key of a header for each of a group (PROTOCOL C.1).</summary>
    /// <param name="secrets">The group's, 4 words a lane.</param>
    /// <param name="count">Lanes in use.</param>
    /// <param name="seed">8 words.</param>
    /// <param name="keys">Receives 8 words a lane.</param>
    public abstract void HeaderKeys(ReadOnlySpan<uint> secrets, int count, ReadOnlySpan<uint> seed, Span<uint> keys);
}
