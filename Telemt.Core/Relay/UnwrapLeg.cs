using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Relay;

/// <summary>A fake-TLS client's upload: out of its records, then from one cipher to the other.</summary>
internal sealed class UnwrapLeg(TlsRecordReader records, AesCtr decrypt, AesCtr encrypt) : RelayLeg
{
    private TlsRecordReader _records = records;

    public override bool HasEnded => _records.State != TlsStreamState.Open;

    public override int Transform(Span<byte> chunk)
    {
        if (HasEnded)
        {
            return Ended;
        }

        // Record borders mean nothing to the ciphers: one pass each over all of a chunk's payload.
        var payload = chunk[.._records.Unwrap(chunk)];
        if (payload.IsEmpty && HasEnded)
        {
            return Ended;
        }

        decrypt.Transform(payload);
        encrypt.Transform(payload);
        return payload.Length;
    }
}
