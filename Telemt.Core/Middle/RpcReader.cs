using System.Buffers.Binary;
using Telemt.Core.Crypto;

namespace Telemt.Core.Middle;

internal enum RpcStep : byte
{
    /// <summary>No frame is complete.</summary>
    Read,

    /// <summary>A frame's body is at <see cref="RpcReader.Body"/>.</summary>
    Frame,

    /// <summary>The stream cannot go on: <see cref="RpcReader.Fault"/>.</summary>
    Broken,
}

/// <summary>
/// Takes frames from what a middle proxy sends (PROTOCOL F.2, F.5), in any segmentation. Keeps no bytes: the caller holds what came and
/// drops what was used. A length and a sequence are judged as soon as they are there, before anybody makes room for the rest. Not for
/// several threads.
/// </summary>
/// <param name="cipher">Null for the nonces, which come in the clear.</param>
/// <param name="sequence">Of the first frame.</param>
internal sealed class RpcReader(AesCbcDecryptor? cipher, int sequence)
{
    private int _sequence = sequence;

    /// <summary>How much of what is held has been decrypted.</summary>
    private int _plain;

    /// <summary>Frames from here on carry CRC-32C.</summary>
    public bool Crc32C { get; set; }

    /// <summary>Where the frame's body lies in what is held; valid after Frame.</summary>
    public Range Body { get; private set; }

    /// <summary>Bytes at the front of what is held that are done with; drop them before the next call.</summary>
    public int Consumed { get; private set; }

    /// <summary>Bytes, counted behind <see cref="Consumed"/>, that the frame under way takes; 0 when that is not known yet.</summary>
    public int Wanted { get; private set; }

    public MiddleFault Fault { get; private set; }

    /// <summary>A reader for what stands behind another's last frame; the caller still has to drop what that one used.</summary>
    public static RpcReader Behind(int consumed, AesCbcDecryptor cipher, int sequence) => new(cipher, sequence) { Consumed = consumed };

    /// <summary>Goes on by at most one frame.</summary>
    /// <param name="held">All bytes that came and are not done with; decrypted where they lie.</param>
    public RpcStep Next(Span<byte> held)
    {
        Consumed = Wanted = 0;
        if (Fault != MiddleFault.None)
        {
            return RpcStep.Broken;
        }

        Decrypt(held);
        var at = 0;
        while (_plain - at >= sizeof(int))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(held[at..]);
            if (length == RpcFrame.PaddingWord)
            {
                at += RpcFrame.PaddingWord;
                continue;
            }

            if (length is < RpcFrame.MinLength or > RpcFrame.MaxLength || length % 4 != 0)
            {
                return Break(MiddleFault.FrameLength);
            }

            var present = held[at.._plain];
            if (present.Length >= RpcFrame.HeaderSize && BinaryPrimitives.ReadInt32LittleEndian(present[4..]) != _sequence)
            {
                return Break(MiddleFault.Sequence);
            }

            if (present.Length < length)
            {
                Wanted = length;
                break;
            }

            return Take(present[..length], at);
        }

        Use(at);
        return RpcStep.Read;
    }

    private RpcStep Take(ReadOnlySpan<byte> frame, int at)
    {
        var end = frame.Length - RpcFrame.TrailerSize;
        var crc = Crc32C ? Crc32.ComputeC(frame[..end]) : Crc32.Compute(frame[..end]);
        if (crc != BinaryPrimitives.ReadUInt32LittleEndian(frame[end..]))
        {
            return Break(MiddleFault.Checksum);
        }

        _sequence++;
        Body = (at + RpcFrame.HeaderSize)..(at + end);
        Use(at + frame.Length);
        return RpcStep.Frame;
    }

    private void Use(int count)
    {
        Consumed = count;
        _plain -= count;
    }

    private void Decrypt(Span<byte> held)
    {
        if (cipher is null)
        {
            _plain = held.Length;
            return;
        }

        var fresh = (held.Length - _plain) / RpcFrame.Block * RpcFrame.Block;
        if (fresh > 0)
        {
            cipher.Transform(held.Slice(_plain, fresh));
            _plain += fresh;
        }
    }

    private RpcStep Break(MiddleFault fault)
    {
        Fault = fault;
        return RpcStep.Broken;
    }
}
