using System.Buffers.Binary;

namespace Telemt.Core.Client;

/// <summary>What a DC answered to req_pq_multi.</summary>
internal enum ReqPqAnswer
{
    /// <summary>resPQ with our nonce.</summary>
    Ok,

    /// <summary>A transport error (PROTOCOL B.5): four bytes, a negative number.</summary>
    TransportError,

    /// <summary>resPQ, but to somebody else's question.</summary>
    WrongNonce,

    /// <summary>Nothing that a DC would say here.</summary>
    Unexpected,
}

/// <summary>
/// The question that every DC answers to everybody (PROTOCOL G): it shows that a whole path works, without an account.
/// <code>
/// 0               8            16       20            24      40
/// | auth key: 0   | message id | length | constructor | nonce |            req_pq_multi
/// | auth key: 0   | message id | length | constructor | nonce | ...        resPQ
/// </code>
/// </summary>
internal static class ReqPq
{
    public const int RequestSize = 40;
    public const int NonceSize = 16;

    private const int MessageIdOffset = 8;
    private const int LengthOffset = 16;
    private const int BodyOffset = 20;
    private const int NonceOffset = 24;
    private const uint ReqPqMulti = 0xbe7e_8ef1;
    private const uint ResPq = 0x0516_2463;

    /// <summary>nonce, server nonce, pq as a string, vector of fingerprints with its constructor and count.</summary>
    private const int MinAnswerBody = 4 + 16 + 16 + 12 + 8;

    /// <param name="message">Receives <see cref="RequestSize"/> bytes, without framing.</param>
    public static void WriteRequest(ReadOnlySpan<byte> nonce, TimeProvider clock, Span<byte> message)
    {
        message[..RequestSize].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(message[MessageIdOffset..], MessageId(clock));
        BinaryPrimitives.WriteInt32LittleEndian(message[LengthOffset..], RequestSize - BodyOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(message[BodyOffset..], ReqPqMulti);
        nonce[..NonceSize].CopyTo(message[NonceOffset..]);
    }

    /// <param name="payload">A frame's payload; padding behind it does no harm.</param>
    /// <param name="transportError">The negative number of a <see cref="ReqPqAnswer.TransportError"/>, else 0.</param>
    public static ReqPqAnswer ReadAnswer(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> nonce, out int transportError)
    {
        transportError = 0;
        if (payload.Length < BodyOffset + MinAnswerBody)
        {
            // Behind a transport error there may be padding; no message is that short.
            var number = payload.Length is >= 4 and < BodyOffset ? BinaryPrimitives.ReadInt32LittleEndian(payload) : 0;
            transportError = Math.Min(number, 0);
            return number < 0 ? ReqPqAnswer.TransportError : ReqPqAnswer.Unexpected;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(payload[LengthOffset..]);
        if (payload[..MessageIdOffset].ContainsAnyExcept((byte)0)
            || length < MinAnswerBody
            || length > payload.Length - BodyOffset
            || BinaryPrimitives.ReadUInt32LittleEndian(payload[BodyOffset..]) != ResPq)
        {
            return ReqPqAnswer.Unexpected;
        }

        return payload.Slice(NonceOffset, NonceSize).SequenceEqual(nonce[..NonceSize]) ? ReqPqAnswer.Ok : ReqPqAnswer.WrongNonce;
    }

    /// <summary>Seconds in the upper half, their fraction in the lower; a client's ids are divisible by 4.</summary>
    private static long MessageId(TimeProvider clock)
    {
        var milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return ((milliseconds / 1000) << 32) | (((milliseconds % 1000) << 22) & ~3L);
    }
}
