using Telemt.Core.Crypto;

namespace Telemt.Core.Relay;

/// <summary>From one cipher to the other. Two passes: fusing them does not win (LAYOUT, Transport).</summary>
internal sealed class RecryptLeg(AesCtr decrypt, AesCtr encrypt, bool wrapsRecords) : RelayLeg
{
    public override bool WrapsRecords => wrapsRecords;

    public override int Transform(Span<byte> chunk)
    {
        decrypt.Transform(chunk);
        encrypt.Transform(chunk);
        return chunk.Length;
    }
}
