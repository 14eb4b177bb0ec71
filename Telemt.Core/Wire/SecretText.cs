using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Telemt.Core.Wire;

/// <summary>
/// The text forms of a secret (PROTOCOL A). Read in the order that clients read them: hex, else base64url with or without padding,
/// else standard base64. What is all hex digits is therefore always hex.
/// </summary>
/// <remarks>
/// Binary layout, by length:
/// <code>
///   16   key
///   17   dd | key
///   18+  ee | key | domain, at most 182 bytes
/// </code>
/// </remarks>
internal static class SecretText
{
    private const byte SecureMark = 0xdd;
    private const byte TlsMark = 0xee;
    private const int MaxSize = 1 + Secret.Size + ClientSecret.MaxDomain;

    /// <summary>No text longer than this is a secret; longer ones are refused unread.</summary>
    private const int MaxText = MaxSize * 2;

    /// <param name="problem">Why it is none, for the person who wrote it; never holds the secret itself.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        [NotNullWhen(true)] out ClientSecret? secret,
        [NotNullWhen(false)] out string? problem)
    {
        secret = null;
        if (text.Length > MaxText)
        {
            problem = "a secret is at most 199 bytes: its domain at most 182";
            return false;
        }

        Span<byte> bytes = stackalloc byte[MaxSize + 1];
        var length = Decode(text, bytes);
        if (length < 0)
        {
            problem = "a secret is hexadecimal or base64url text";
            return false;
        }

        return TryRead(bytes[..length], out secret, out problem);
    }

    /// <summary>Reads the binary form.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out ClientSecret? secret,
        [NotNullWhen(false)] out string? problem)
    {
        (secret, problem) = bytes switch
        {
            { Length: Secret.Size } => (ClientSecret.Classic(new Secret(bytes)), null),
            { Length: < Secret.Size } => (null, "a secret has at least 16 bytes, 32 hexadecimal digits"),
            { Length: > MaxSize } => (null, "a secret is at most 199 bytes: its domain at most 182"),
            [SecureMark, ..] and { Length: 17 } => (ClientSecret.Secure(new Secret(bytes[1..])), null),
            [TlsMark, ..] and { Length: > 17 } =>
                (ClientSecret.Tls(new Secret(bytes[1..17]), Encoding.Latin1.GetString(bytes[17..])), null),
            [TlsMark, ..] => (null, "a secret that begins with ee needs a domain behind its key"),
            _ => ((ClientSecret?)null, "a secret of more than 16 bytes begins with dd (17 bytes) or ee (18 and more)"),
        };
        return secret is not null;
    }

    /// <summary>Lower-case hex: the form that every client reads, old ones too.</summary>
    public static string ToHex(ClientSecret secret) => Convert.ToHexStringLower(ToBytes(secret));

    /// <summary>The shorter form, base64url without padding.</summary>
    public static string ToBase64Url(ClientSecret secret) => System.Buffers.Text.Base64Url.EncodeToString(ToBytes(secret));

    public static byte[] ToBytes(ClientSecret secret) => secret.Mode switch
    {
        ClientMode.Classic => secret.Key.Bytes.ToArray(),
        ClientMode.Secure => [SecureMark, .. secret.Key.Bytes],
        _ => [TlsMark, .. secret.Key.Bytes, .. Encoding.Latin1.GetBytes(secret.Domain)],
    };

    /// <returns>Bytes written, or -1 when the text is in none of the forms.</returns>
    private static int Decode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (Convert.FromHexString(text, destination, out _, out var written) == System.Buffers.OperationStatus.Done)
        {
            return written;
        }

        var length = DecodeBase64(text, destination, '-', '_', paddingOptional: true);
        return length >= 0 ? length : DecodeBase64(text, destination, '+', '/', paddingOptional: false);
    }

    /// <summary>As strict as the clients: no white space, right padding, no bits left over. The platform's decoders forgive these.</summary>
    private static int DecodeBase64(ReadOnlySpan<char> text, Span<byte> destination, char plus, char slash, bool paddingOptional)
    {
        var digits = text.TrimEnd('=');
        var padding = text.Length - digits.Length;
        var bare = paddingOptional && padding == 0;
        if (padding > 2 || digits.Length % 4 == 1 || (!bare && text.Length % 4 != 0) || digits.Length / 4 * 3 + 2 > destination.Length)
        {
            return -1;
        }

        int bits = 0, held = 0, length = 0;
        foreach (var c in digits)
        {
            var digit = Digit(c, plus, slash);
            if (digit < 0)
            {
                return -1;
            }

            bits = ((bits << 6) | digit) & 0xffff;
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                destination[length++] = (byte)(bits >> held);
            }
        }

        return (bits & ((1 << held) - 1)) == 0 ? length : -1;
    }

    private static int Digit(char c, char plus, char slash) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        _ => c == plus ? 62 : c == slash ? 63 : -1,
    };
}
