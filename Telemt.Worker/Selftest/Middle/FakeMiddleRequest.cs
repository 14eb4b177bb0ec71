using System.Buffers.Binary;
using System.Net;
using Telemt.Core;
using Telemt.Core.Middle;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>What a proxy says with a client's message (PROTOCOL F.7), read by a hand of its own.</summary>
/// <param name="Dc">Whose middle proxy was asked.</param>
/// <param name="Connection">Which of its connections it came by, counted from 1.</param>
/// <param name="Tag">Lower-case hexadecimal; null without one.</param>
internal sealed record FakeMiddleRequest(
    short Dc, int Connection, long Id, uint Flags, IPEndPoint Client, IPEndPoint Ours, string? Tag, ReadOnlyMemory<byte> Message)
{
    /// <exception cref="InvalidDataException">No proxy says this.</exception>
    public static FakeMiddleRequest Read(ReadOnlyMemory<byte> body, short dc, int connection)
    {
        var bytes = body.Span;
        if (bytes.Length < 56 + 8)
        {
            throw new InvalidDataException("a request is at least 64 bytes");
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var at = 56;
        string? tag = null;
        if ((flags & 0x0c) != 0)
        {
            var extra = BinaryPrimitives.ReadInt32LittleEndian(bytes[56..]);
            if (extra != 24 || bytes.Length < 84 + 8 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != 0xdb1e26ae || bytes[64] != 16)
            {
                throw new InvalidDataException("the extra bytes of a request are no tag");
            }

            tag = Convert.ToHexStringLower(bytes.Slice(65, 16));
            at = 84;
        }

        var message = body[at..];
        var isPlain = BinaryPrimitives.ReadInt64LittleEndian(message.Span) == 0;
        if (message.Length % 4 != 0 || isPlain != ((flags & ProxyRequest.NotEncrypted) != 0))
        {
            throw new InvalidDataException("a request's flags and its message do not go together");
        }

        return new FakeMiddleRequest(
            dc, connection, BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), flags, End(bytes, 16), End(bytes, 36), tag, message);
    }

    private static IPEndPoint End(ReadOnlySpan<byte> bytes, int at) => new(
        new ClientAddress(bytes.Slice(at, 16), 1).ToIPAddress(), BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 16)..]));
}
