using System.Collections.Immutable;
using Telemt.Core.Crypto;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>
/// The users of one revision of the settings, with what authenticating them needs prepared once. Immutable; safe for any thread.
/// Allocates nothing per call.
/// </summary>
/// <remarks>
/// Users are tried in order, likely ones before the others, and the first whose secret fits is the user: of users with equal
/// secrets (the placeholders of sample files) only the first is ever found. How long a scan takes tells where in that order the
/// user stands, and nothing else: every comparison is over all bytes.
/// </remarks>
internal sealed class UserDirectory
{
    // Up to here one HMAC after the other by the platform is quicker than a scan's preparation (2 µs each, 6 µs for a group).
    private const int Few = 2;

    private readonly Dictionary<string, int> _byName;
    private readonly UserKeyTable? _keys;

    public UserDirectory(ImmutableArray<UserSettings> users)
        : this(users, UserLanes.ForThisHost())
    {
    }

    /// <param name="users">In the order of the file.</param>
    /// <param name="lanes">How many users are hashed at once; null hashes one after the other.</param>
    internal UserDirectory(ImmutableArray<UserSettings> users, UserLanes? lanes)
    {
        Users = users;
        _byName = new Dictionary<string, int>(users.Length, StringComparer.Ordinal);
        for (var user = 0; user < users.Length; user++)
        {
            _byName.TryAdd(users[user].Name, user);
        }
        _keys = lanes is null || users.Length <= Few ? null : new UserKeyTable(lanes, users);
    }

    public ImmutableArray<UserSettings> Users { get; }

    public UserSettings? FindByName(string name) => IndexOf(name) is var user and >= 0 ? Users[user] : null;

    /// <summary>A user's place in <see cref="Users"/>, or -1.</summary>
    public int IndexOf(string name) => _byName.TryGetValue(name, out var user) ? user : -1;

    /// <summary>Finds whose hello this is (PROTOCOL D.2): one call over all users. See <see cref="HelloScan"/> for a part at a time.</summary>
    /// <param name="record">The whole ClientHello record with its 5-byte header, as on the wire.</param>
    /// <param name="likely">Users to try first.</param>
    /// <param name="user">Index in <see cref="Users"/>, or -1.</param>
    /// <param name="time">Unix seconds that the client claims. Not authenticated (PROTOCOL D.3).</param>
    public bool TryAuthenticateHello(ReadOnlySpan<byte> record, Likely likely, out int user, out uint time)
    {
        var scan = new HelloScan(this, likely);
        var isFound = scan.Step(record, int.MaxValue) == ScanStep.Found;
        (user, time) = (scan.User, scan.Time);
        return isFound;
    }

    /// <summary>Finds whose key opens a header to a valid tag (PROTOCOL C.1); the caller checks the modes.</summary>
    /// <param name="header">64 bytes as on the wire.</param>
    /// <param name="likely">Users to try first.</param>
    /// <param name="user">Index in <see cref="Users"/>, or -1.</param>
    /// <param name="tag">The framing.</param>
    /// <param name="dc">As the client wrote it (PROTOCOL C.2).</param>
    public bool TryAuthenticateHeader(ReadOnlySpan<byte> header, Likely likely, out int user, out ProtocolTag tag, out short dc)
    {
        var scan = new HeaderScan(this, likely);
        var isFound = scan.Step(header, int.MaxValue) == ScanStep.Found;
        (user, tag, dc) = (scan.User, scan.Tag, scan.Dc);
        return isFound;
    }

    /// <summary>Whether this user's key opens the header: inside TLS the digest has named the user already.</summary>
    /// <inheritdoc cref="TryAuthenticateHeader(ReadOnlySpan{byte},Likely,out int,out ProtocolTag,out short)"/>
    public bool TryAuthenticateHeader(ReadOnlySpan<byte> header, UserSettings user, out ProtocolTag tag, out short dc)
    {
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        HandshakeKeys.ClientToServer(header, user.Secret, key, iv);
        return HeaderSeal.TryOpen(header, key, out tag, out dc);
    }

    /// <summary>The next users of a scan, <paramref name="limit"/> of them or a few more.</summary>
    /// <returns>The first whose hello it is, or -1 with <paramref name="next"/> behind the last one tried.</returns>
    internal int FindHello(ReadOnlySpan<byte> record, ref int next, int limit, out uint time)
    {
        if (_keys is not null)
        {
            var user = _keys.FindHello(record, ref next, limit);
            time = 0;
            return user >= 0 && HelloDigest.Matches(record, Users[user].Secret, out time) ? user : -1;
        }
        for (var left = limit; next < Users.Length && left > 0; left--)
        {
            if (HelloDigest.Matches(record, Users[next++].Secret, out time))
            {
                return next - 1;
            }
        }
        time = 0;
        return -1;
    }

    /// <inheritdoc cref="FindHello"/>
    internal int FindHeader(ReadOnlySpan<byte> header, ref int next, int limit, out ProtocolTag tag, out short dc)
    {
        if (_keys is not null)
        {
            return _keys.FindHeader(header, ref next, limit, out tag, out dc);
        }
        for (var left = limit; next < Users.Length && left > 0; left--)
        {
            if (TryAuthenticateHeader(header, Users[next++], out tag, out dc))
            {
                return next - 1;
            }
        }
        (tag, dc) = (default, 0);
        return -1;
    }
}
