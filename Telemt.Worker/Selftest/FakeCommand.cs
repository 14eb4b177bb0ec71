using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Selftest;

/// <summary>
/// A connection's first frame may say what the fake Telegram is to do from there on, on the bare bytes behind it:
/// <code>
/// 0             8      12         16         24
/// | "telemt-1"  | mode | 0        | argument |      numbers little-endian
/// </code>
/// </summary>
internal readonly record struct FakeCommand(FakeMode Mode, long Argument = 0)
{
    public const int Size = 24;
    public const int MessageSize = 56;

    private static ReadOnlySpan<byte> Mark => "telemt-1"u8;

    public byte[] ToPayload()
    {
        var payload = new byte[Size];
        Mark.CopyTo(payload);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(8), (int)Mode);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(16), Argument);
        return payload;
    }

    /// <summary>The same for a way that carries whole messages only: as long as an encrypted one is at least (PROTOCOL F.7).</summary>
    public byte[] ToMessage()
    {
        var message = new byte[MessageSize];
        ToPayload().CopyTo(message, 0);
        return message;
    }

    /// <param name="payload">A frame's payload; padding behind the command does no harm.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out FakeCommand? command)
    {
        command = payload.Length >= Size && payload.StartsWith(Mark)
            ? new FakeCommand((FakeMode)BinaryPrimitives.ReadInt32LittleEndian(payload[8..]), BinaryPrimitives.ReadInt64LittleEndian(payload[16..]))
            : null;
        return command is not null;
    }
}
