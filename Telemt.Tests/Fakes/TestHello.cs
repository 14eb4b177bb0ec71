using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Telemt.Tests.Fakes;

/// <summary>Builds ClientHello records field by field, also wrong ones, and signs them as a client would (PROTOCOL D.1, D.2).</summary>
internal sealed class TestHello
{
    public static readonly byte[] Grease = [0x3a, 0x3a];

    public byte[] SessionId { get; init; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public byte[] Suites { get; init; } = [.. Grease, 0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b];

    public List<(ushort Type, byte[] Data)> Extensions { get; init; } =
    [
        (0x3a3a, []),
        (0x0000, ServerName("www.example.com")),
        (0x000a, [0, 6, 0x3a, 0x3a, 0x11, 0xec, 0, 0x1d]),
        (0x0010, [0, 3, 2, (byte)'h', (byte)'2']),
        (0x0033, KeyShares((0x3a3a, 1), (0x11ec, 1216), (0x001d, 32))),
        (0x002b, [4, 3, 4, 3, 3]),
    ];

    public static byte[] ServerName(string name) => Vector16([0, .. Vector16(Encoding.Latin1.GetBytes(name))]);

    public static byte[] KeyShares(params (ushort Group, int Size)[] keys)
        => Vector16([.. keys.SelectMany(key => (byte[])[.. UInt16(key.Group), .. Vector16(new byte[key.Size])])]);

    /// <summary>A padding extension that brings the whole record to a length.</summary>
    public TestHello PaddedTo(int size)
    {
        var missing = size - Build().Length - 4;
        Extensions.Add((0x0015, new byte[missing]));
        return this;
    }

    public byte[] Build()
    {
        byte[] extensions = [.. Extensions.SelectMany(e => (byte[])[.. UInt16(e.Type), .. Vector16(e.Data)])];
        byte[] body =
        [
            3, 3, .. new byte[32], (byte)SessionId.Length, .. SessionId, .. Vector16(Suites), 1, 0, .. Vector16(extensions),
        ];
        byte[] message = [1, 0, .. Vector16(body)];
        return [0x16, 3, 1, .. Vector16(message)];
    }

    public byte[] Signed(byte[] secret, uint time, int seed = 1) => Sign(Build(), secret, time, seed);

    /// <summary>Makes the random anew. The seed changes the end of the session id, if it is long enough.</summary>
    public static byte[] Sign(byte[] record, byte[] secret, uint time, int seed = 1)
    {
        if (record[43] >= sizeof(int))
        {
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(44 + record[43] - sizeof(int)), seed);
        }

        record.AsSpan(11, 32).Clear();
        var digest = HMACSHA256.HashData(secret, record);
        BinaryPrimitives.WriteUInt32LittleEndian(digest.AsSpan(28), BinaryPrimitives.ReadUInt32LittleEndian(digest.AsSpan(28)) ^ time);
        digest.CopyTo(record, 11);
        return record;
    }

    /// <summary>The same message in several records of the given payload lengths; the last takes the rest.</summary>
    public static byte[] Cut(byte[] record, params int[] lengths)
    {
        var message = record.AsSpan(5).ToArray();
        var wire = new List<byte>();
        var at = 0;
        foreach (var length in lengths.Append(int.MaxValue))
        {
            var part = message.AsSpan(at, Math.Min(length, message.Length - at)).ToArray();
            if (part.Length > 0)
            {
                wire.AddRange([0x16, 3, 1, .. Vector16(part)]);
            }

            at += part.Length;
        }

        return [.. wire];
    }

    private static byte[] Vector16(byte[] data) => [.. UInt16(data.Length), .. data];

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];
}
