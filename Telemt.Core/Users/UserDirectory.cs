using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Telemt.Core.Crypto;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>The users of one revision of the settings, with what authenticating them needs prepared once. Immutable; safe for any thread.</summary>
internal sealed class UserDirectory
{
    private readonly FrozenDictionary<string, UserSettings> _byName;

    public UserDirectory(ImmutableArray<UserSettings> users)
    {
        Users = users;
        _byName = users.ToFrozenDictionary(user => user.Name, StringComparer.Ordinal);
    }

    public ImmutableArray<UserSettings> Users { get; }

    public UserSettings? FindByName(string name) => _byName.GetValueOrDefault(name);

    public bool TryAuthenticateHello(ReadOnlySpan<byte> record, int likely, out int user, out uint time)
    {
        var zeroed = record.ToArray();
        zeroed.AsSpan(11, 32).Clear();
        Span<byte> digest = stackalloc byte[32];
        for (var i = likely >= 0 ? -1 : 0; i < Users.Length; i++)
        {
            user = i < 0 ? likely : i;
            HMACSHA256.HashData(Users[user].Secret.Bytes, zeroed, digest);
            if (CryptographicOperations.FixedTimeEquals(digest[..28], record.Slice(11, 28)))
            {
                time = BinaryPrimitives.ReadUInt32LittleEndian(digest[28..]) ^ BinaryPrimitives.ReadUInt32LittleEndian(record[39..]);
                return true;
            }
        }

        (user, time) = (-1, 0);
        return false;
    }

    public bool TryAuthenticateHeader(ReadOnlySpan<byte> header, int likely, out int user, out ProtocolTag tag, out short dc)
    {
        user = likely;
        if (likely >= 0 && TryAuthenticateHeader(header, Users[likely], out tag, out dc))
        {
            return true;
        }

        for (user = 0; user < Users.Length; user++)
        {
            if (TryAuthenticateHeader(header, Users[user], out tag, out dc))
            {
                return true;
            }
        }

        (user, tag, dc) = (-1, 0, 0);
        return false;
    }

    public bool TryAuthenticateHeader(ReadOnlySpan<byte> header, UserSettings user, out ProtocolTag tag, out short dc)
    {
        Span<byte> key = stackalloc byte[32];
        Span<byte> iv = stackalloc byte[16];
        HandshakeKeys.ClientToServer(header, user.Secret, key, iv);
        Span<byte> plain = stackalloc byte[64];
        header.CopyTo(plain);
        new AesCtr(key, iv).Transform(plain);
        return ObfuscatedHeader.TryReadPlain(plain, out tag, out dc);
    }
}
