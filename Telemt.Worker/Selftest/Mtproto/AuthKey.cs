namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>
/// An authorisation key and the encryption of messages under it (MTProto 2.0):
/// <code>
/// key id: 8 | message key: 16 | AES-IGE(salt: 8 | session: 8 | message id: 8 | seqno: 4 | length: 4 | body | padding: 12..1024)
/// message key = SHA-256(32 bytes of the key from 88 + x | plain text)[8..24], x = 0 from the client, 8 from the server
/// </code>
/// </summary>
internal sealed class AuthKey
{
    public const int HeaderSize = 24;
    public const int MinSize = HeaderSize + 48;

    private const int FromClient = 0;
    private const int FromServer = 8;

    /// <param name="bytes">256 bytes.</param>
    /// <param name="salt">The first server salt.</param>
    public AuthKey(byte[] bytes, long salt)
    {
        Bytes = bytes;
        Salt = salt;
        Id = BitConverter.ToInt64(Hash.Sha1(bytes).AsSpan(12));
    }

    public byte[] Bytes { get; }

    public long Id { get; }

    public long Salt { get; }

    /// <summary>Opens a client's message, whole words of transport padding behind it cut off.</summary>
    /// <exception cref="InvalidDataException">Not encrypted under this key.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> message)
    {
        var messageKey = message.Slice(8, 16);
        var size = (message.Length - HeaderSize) / 16 * 16;
        var (key, iv) = Derive(messageKey, FromClient);
        var plain = AesIge.Decrypt(message.Slice(HeaderSize, size), key, iv);
        if (!MessageKey(plain, FromClient).SequenceEqual(messageKey))
        {
            throw new InvalidDataException("a message has another key than it says");
        }

        return plain;
    }

    /// <param name="plain">From the salt to the end of the padding: a multiple of 16 bytes.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var messageKey = MessageKey(plain, FromServer);
        var (key, iv) = Derive(messageKey, FromServer);
        return [.. BitConverter.GetBytes(Id), .. messageKey, .. AesIge.Encrypt(plain, key, iv)];
    }

    private ReadOnlySpan<byte> MessageKey(ReadOnlySpan<byte> plain, int x) => Hash.Sha256(Bytes.AsSpan(88 + x, 32), plain).AsSpan(8, 16);

    private (byte[] Key, byte[] Iv) Derive(ReadOnlySpan<byte> messageKey, int x)
    {
        var a = Hash.Sha256(messageKey, Bytes.AsSpan(x, 36)).AsSpan();
        var b = Hash.Sha256(Bytes.AsSpan(40 + x, 36), messageKey).AsSpan();
        return ([.. a[..8], .. b[8..24], .. a[24..]], [.. b[..8], .. a[8..24], .. b[24..]]);
    }
}
