using Telemt.Worker.Selftest.Mtproto;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>One client of a proxy, as its middle proxy knows it.</summary>
internal sealed class FakeMiddleClient(long id)
{
    private bool _isClosed;

    public long Id { get; } = id;

    /// <summary>What its first message asked for; null for MTProto.</summary>
    public FakeMode? Mode { get; set; }

    public MtprotoServer? Mtproto { get; set; }

    /// <summary>The proxy has closed it; read by whoever sends to it.</summary>
    public bool IsClosed { get => Volatile.Read(ref _isClosed); set => Volatile.Write(ref _isClosed, value); }

    /// <summary>The quick acknowledgement of a message: bit 31 set (PROTOCOL B.4), else bytes of the message itself.</summary>
    public static byte[] TokenOf(ReadOnlySpan<byte> message) => [message[8], message[9], message[10], (byte)(message[11] | 0x80)];
}
