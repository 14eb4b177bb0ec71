using Telemt.Core.Crypto;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Gate;

/// <summary>A client that passed the gate: all that a relay has to know. Used once, to make the session's RelayPlan.</summary>
internal sealed class ReadyClient
{
    public required UserSettings User { get; init; }

    public required ClientMode Mode { get; init; }

    public required ProtocolTag Tag { get; init; }

    /// <summary>As the client wrote it (PROTOCOL C.2): any value.</summary>
    public required short Dc { get; init; }

    public required PolicyDecision Policy { get; init; }

    /// <summary>Client → server, at position 64: behind the header.</summary>
    public required AesCtr Up { get; init; }

    /// <summary>Server → client key (32) and IV (16): a cipher from position 0, or fast mode's header (PROTOCOL C.6).</summary>
    public required ReadOnlyMemory<byte> DownKeyIv { get; init; }

    /// <summary>With <see cref="ClientMode.Tls"/>: where the records stand behind the header, often within one.</summary>
    public TlsRecordReader Records { get; init; }

    public ReadOnlySpan<byte> DownKey => DownKeyIv.Span[..AesCtr.KeySize];

    public ReadOnlySpan<byte> DownIv => DownKeyIv.Span[AesCtr.KeySize..];
}
