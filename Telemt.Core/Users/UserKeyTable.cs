using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using Telemt.Core.Crypto;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>All users' keys in the form that a scan over many wants: 80 bytes a user, in groups of <see cref="UserLanes.Group"/>.</summary>
internal sealed class UserKeyTable
{
    private const int Group = UserLanes.Group;
    private const int StateSize = Group * Sha256Block.StateWords;
    private const int SecretSize = Group * UserLanes.SecretWords;

    // A hello of 2 KiB. Longer ones rent.
    private const int ScheduleOnStack = 32 * Sha256Block.Rounds;

    private readonly UserLanes _lanes;
    private readonly int _count;
    private readonly uint[] _secrets;
    private readonly uint[] _inner;
    private readonly uint[] _outer;

    public UserKeyTable(UserLanes lanes, ImmutableArray<UserSettings> users)
    {
        var groups = (users.Length + Group - 1) / Group;
        _lanes = lanes;
        _count = users.Length;
        _secrets = new uint[groups * SecretSize];
        _inner = new uint[groups * StateSize];
        _outer = new uint[groups * StateSize];
        for (var user = 0; user < users.Length; user++)
        {
            var (group, lane) = Math.DivRem(user, Group);
            for (var word = 0; word < UserLanes.SecretWords; word++)
            {
                _secrets[(group * SecretSize) + (word * Group) + lane]
                    = BinaryPrimitives.ReadUInt32BigEndian(users[user].Secret.Bytes[(word * sizeof(uint))..]);
            }
        }
        for (var group = 0; group < groups; group++)
        {
            lanes.Prepare(Secrets(group), _inner.AsSpan(group * StateSize, StateSize), _outer.AsSpan(group * StateSize, StateSize));
        }
    }

    /// <summary>Looks for users whose HMAC is a hello's digest, in order.</summary>
    /// <param name="record">The whole record.</param>
    /// <param name="next">The user to start with; moves behind the last one tried, group by group.</param>
    /// <param name="limit">Stops at a group's border once so many were tried.</param>
    /// <returns>The first that matches, or -1.</returns>
    public int FindHello(ReadOnlySpan<byte> record, ref int next, int limit)
    {
        var length = _lanes.ScheduleLength(record.Length);
        var rented = length > ScheduleOnStack ? ArrayPool<uint>.Shared.Rent(length) : null;
        var schedule = rented ?? stackalloc uint[ScheduleOnStack];
        _lanes.Schedule(record, schedule);
        var user = FindHello(schedule, record, ref next, limit);
        if (rented is not null)
        {
            ArrayPool<uint>.Shared.Return(rented);
        }
        return user;
    }

    /// <summary>Looks for the users whose key opens a header, in order.</summary>
    /// <inheritdoc cref="FindHello(ReadOnlySpan{byte},ref int,int)"/>
    public int FindHeader(ReadOnlySpan<byte> header, ref int next, int limit, out ProtocolTag tag, out short dc)
    {
        Span<uint> seed = stackalloc uint[Sha256Block.StateWords];
        Span<uint> keys = stackalloc uint[StateSize];
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        ReadWords(header[HandshakeKeys.SeedOffset..], seed);
        for (var left = limit; next < _count && left > 0; left -= Group)
        {
            var group = next / Group;
            var used = Math.Min(Group, _count - (group * Group));
            _lanes.HeaderKeys(Secrets(group), used, seed, keys);
            next = (group * Group) + used;
            for (var lane = 0; lane < used; lane++)
            {
                for (var word = 0; word < Sha256Block.StateWords; word++)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(key[(word * sizeof(uint))..], keys[(word * Group) + lane]);
                }
                if (HeaderSeal.TryOpen(header, key, out tag, out dc))
                {
                    return (group * Group) + lane;
                }
            }
        }
        (tag, dc) = (default, 0);
        return -1;
    }

    private int FindHello(ReadOnlySpan<uint> schedule, ReadOnlySpan<byte> record, ref int next, int limit)
    {
        Span<uint> digest = stackalloc uint[HelloDigest.ComparedSize / sizeof(uint)];
        ReadWords(record[HelloDigest.Offset..], digest);
        for (var left = limit; next < _count && left > 0; left -= Group)
        {
            var group = next / Group;
            var used = Math.Min(Group, _count - (group * Group));
            var found = _lanes.MatchHello(
                _inner.AsSpan(group * StateSize, StateSize),
                _outer.AsSpan(group * StateSize, StateSize),
                used,
                schedule,
                record.Length,
                digest);
            next = (group * Group) + used;
            var lane = BitOperations.TrailingZeroCount(found);
            if (lane < used)
            {
                return (group * Group) + lane;
            }
        }
        return -1;
    }

    private ReadOnlySpan<uint> Secrets(int group) => _secrets.AsSpan(group * SecretSize, SecretSize);

    private static void ReadWords(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var word = 0; word < words.Length; word++)
        {
            words[word] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(word * sizeof(uint))..]);
        }
    }
}
