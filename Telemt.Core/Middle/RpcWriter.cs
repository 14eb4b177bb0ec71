using System.Buffers.Binary;
using System.Diagnostics;
using Telemt.Core.Crypto;

namespace Telemt.Core.Middle;

/// <summary>
/// Makes the frames of one direction (PROTOCOL F.2, F.5), each filled up to whole blocks by padding words. The order of the calls is the
/// order on the wire. Not for several threads.
/// </summary>
/// <param name="cipher">Null for the nonces, which go in the clear and without padding.</param>
/// <param name="sequence">Of the first frame.</param>
internal sealed class RpcWriter(AesCbcEncryptor? cipher, int sequence)
{
    private int _sequence = sequence;

    /// <summary>Frames from here on carry CRC-32C.</summary>
    public bool Crc32C { get; set; }

    /// <summary>Bytes on the wire for a body of this size.</summary>
    public static int SizeOf(int body) => (body + RpcFrame.Overhead + RpcFrame.Block - 1) / RpcFrame.Block * RpcFrame.Block;

    /// <summary>Makes a frame around its body.</summary>
    /// <param name="frame">As long as <see cref="SizeOf"/> says; the body stands at <see cref="RpcFrame.HeaderSize"/> already.</param>
    /// <param name="body">Its size, a multiple of 4.</param>
    public void Seal(Span<byte> frame, int body)
    {
        Debug.Assert(body % 4 == 0 && (cipher is null || frame.Length == SizeOf(body)), "whole words, whole blocks");
        var end = RpcFrame.HeaderSize + body;
        BinaryPrimitives.WriteInt32LittleEndian(frame, end + RpcFrame.TrailerSize);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], _sequence++);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[end..], Crc32C ? Crc32.ComputeC(frame[..end]) : Crc32.Compute(frame[..end]));
        for (var at = end + RpcFrame.TrailerSize; at < frame.Length; at += RpcFrame.PaddingWord)
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame[at..], RpcFrame.PaddingWord);
        }

        cipher?.Transform(frame);
    }
}
