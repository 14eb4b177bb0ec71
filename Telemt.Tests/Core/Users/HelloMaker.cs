using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Tests.Core.Users;

/// <summary>Users with random secrets, and hellos and headers of theirs, by PROTOCOL's formulas and the platform's primitives.</summary>
internal static class HelloMaker
{
    public static ImmutableArray<UserSettings> Users(Random random, int count)
    {
        var users = ImmutableArray.CreateBuilder<UserSettings>(count);
        for (var i = 0; i < count; i++)
        {
            var secret = new byte[16];
            random.NextBytes(secret);
            users.Add(new UserSettings { Name = $"user{i}", Secret = new Secret(secret) });
        }
        return users.MoveToImmutable();
    }

    /// <summary>A record of any bytes whose digest field fits; not a hello that parses.</summary>
    public static byte[] Hello(Random random, int length, Secret secret, uint time)
    {
        var record = new byte[length];
        random.NextBytes(record);
        record.AsSpan(11, 32).Clear();
        var digest = HMACSHA256.HashData(secret.Bytes, record);
        var stamped = digest.AsSpan(28);
        BinaryPrimitives.WriteUInt32LittleEndian(stamped, BinaryPrimitives.ReadUInt32LittleEndian(stamped) ^ time);
        digest.CopyTo(record, 11);
        return record;
    }

    public static byte[] Header(Random random, Secret secret, ProtocolTag tag, short dc)
    {
        var header = new byte[64];
        random.NextBytes(header);
        var key = SHA256.HashData([.. header[8..40], .. secret.Bytes]);
        var stream = Crypto.EcbCounterOracle.KeyStream(key, header[40..56], 64);
        header.AsSpan(56, 4).Fill((byte)tag);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(60), dc);
        for (var i = 56; i < 64; i++)
        {
            header[i] ^= stream[i];
        }
        return header;
    }
}
