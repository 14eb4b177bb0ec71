using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telemt.Tests.Core.Crypto;

/// <summary>AES-256-CTR as its definition reads: the platform's ECB over one counter after the other.</summary>
internal static class EcbCounterOracle
{
    public static byte[] KeyStream(byte[] key, byte[] iv, int length)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var counter = BinaryPrimitives.ReadUInt128BigEndian(iv);
        var counters = new byte[(length + 15) / 16 * 16];
        for (var at = 0; at < counters.Length; at += 16)
        {
            BinaryPrimitives.WriteUInt128BigEndian(counters.AsSpan(at), counter++);
        }
        return aes.EncryptEcb(counters, PaddingMode.None)[..length];
    }

    public static byte[] Transform(byte[] key, byte[] iv, byte[] data)
        => KeyStream(key, iv, data.Length).Zip(data, (stream, plain) => (byte)(stream ^ plain)).ToArray();
}
