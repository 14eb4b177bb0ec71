namespace Telemt.Core.Wire;

/// <summary>The framing that a client names at offset 56 of its header, four equal bytes (PROTOCOL B, C.1).</summary>
internal enum ProtocolTag : byte
{
    Abridged = 0xef,
    Intermediate = 0xee,
    PaddedIntermediate = 0xdd,
}
