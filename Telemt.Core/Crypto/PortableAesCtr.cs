using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Telemt.Core.Crypto;

/// <summary>
/// AES-256-CTR on the platform's ECB, for hosts without AES instructions: counters are encrypted a batch at a time by one
/// transform that lives as long as the stream, since making a cipher context per call costs more than a kilobyte of cipher.
/// </summary>
internal sealed class PortableAesCtr
{
    private const int Block = 16;
    private const int Batch = 64 * Block;

    private readonly ICryptoTransform _cipher;
    private readonly byte[] _stream = new byte[Batch];
    private ulong _high;
    private ulong _low;

    // The unused key stream is _stream[_at.._end]; it ends at the last counter asked for, so only whole blocks are made.
    private int _at;
    private int _end;

    public PortableAesCtr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        aes.SetKey(key);
        _cipher = aes.CreateEncryptor();
        _high = BinaryPrimitives.ReadUInt64BigEndian(iv);
        _low = BinaryPrimitives.ReadUInt64BigEndian(iv[8..]);
    }

    /// <summary>One block of key stream.</summary>
    public static Vector128<byte> KeyStreamBlock(ReadOnlySpan<byte> key, UInt128 number)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> block = stackalloc byte[Block];
        BinaryPrimitives.WriteUInt128BigEndian(block, number);
        aes.EncryptEcb(block, block, PaddingMode.None);
        return Vector128.Create<byte>(block);
    }

    public void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= source.Length, "the destination holds the source");
        while (!source.IsEmpty)
        {
            if (_at == _end)
            {
                Fill(Math.Min(Batch, (source.Length + Block - 1) / Block * Block));
            }
            var count = Math.Min(source.Length, _end - _at);
            Xor(_stream.AsSpan(_at, count), source, destination);
            _at += count;
            source = source[count..];
            destination = destination[count..];
        }
    }

    private void Fill(int length)
    {
        for (var at = 0; at < length; at += Block)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_stream.AsSpan(at), _high);
            BinaryPrimitives.WriteUInt64BigEndian(_stream.AsSpan(at + 8), _low);
            _low++;
            _high += _low == 0 ? 1u : 0u;
        }
        var made = _cipher.TransformBlock(_stream, 0, length, _stream, 0);
        Debug.Assert(made == length, "ECB without padding keeps the length");
        _at = 0;
        _end = length;
    }

    // Upwards, each step's loads before its store: the destination may overlap the source at a lower address.
    private static void Xor(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var at = 0;
        for (; at <= stream.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            (new Vector<byte>(stream[at..]) ^ new Vector<byte>(source[at..])).CopyTo(destination[at..]);
        }
        for (; at < stream.Length; at++)
        {
            destination[at] = (byte)(stream[at] ^ source[at]);
        }
    }
}
