using System.Buffers;
using System.Globalization;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Integers and floats from a whole token. Only TOML's own forms pass: .NET's parsers see digits that were checked before.</summary>
internal static class TomlNumbers
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);
    private static readonly SearchValues<byte> OctalDigits = SearchValues.Create("01234567"u8);
    private static readonly SearchValues<byte> BinaryDigits = SearchValues.Create("01"u8);

    public static SearchValues<byte> HexDigits { get; } = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <returns>What is wrong with a token that begins like a number, or null; <paramref name="value"/> is set when it is one.</returns>
    public static string? TryRead(ReadOnlySpan<byte> token, out TomlKind kind, out object? value)
    {
        kind = TomlKind.Integer;
        value = null;
        if (token.Length > 2 && token[0] == '0' && token[1] is (byte)'x' or (byte)'o' or (byte)'b')
        {
            return ReadRadix(token[2..], token[1], out value);
        }

        var unsigned = token[0] is (byte)'+' or (byte)'-' ? token[1..] : token;
        if (unsigned.SequenceEqual("inf"u8) || unsigned.SequenceEqual("nan"u8))
        {
            kind = TomlKind.Float;
            value = unsigned[0] == 'n' ? double.NaN : token[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return null;
        }

        var whole = TakeDigits(unsigned, out var rest);
        if (whole.IsEmpty)
        {
            return null;
        }

        if (whole.Length > 1 && whole[0] == '0')
        {
            return "a number does not begin with 0; text, such as a secret, stands in quotes";
        }

        if (rest.IsEmpty)
        {
            return ReadInteger(token, out value);
        }

        kind = TomlKind.Float;
        value = IsFractionAndExponent(rest) ? double.Parse(Plain(token), NumberStyles.Float, CultureInfo.InvariantCulture) : null;
        return null;
    }

    private static string? ReadInteger(ReadOnlySpan<byte> token, out object? value)
    {
        var fits = long.TryParse(Plain(token), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        value = fits ? number : null;
        return fits ? null : "the integer does not fit in 64 bits; text, such as a secret, stands in quotes";
    }

    private static string? ReadRadix(ReadOnlySpan<byte> token, byte prefix, out object? value)
    {
        value = null;
        var (allowed, bits) = prefix switch
        {
            (byte)'x' => (HexDigits, 4),
            (byte)'o' => (OctalDigits, 3),
            _ => (BinaryDigits, 1),
        };
        if (TakeDigits(token, out var rest, allowed).IsEmpty || !rest.IsEmpty)
        {
            return null;
        }

        var number = 0L;
        foreach (var digit in Plain(token))
        {
            if (number > long.MaxValue >> bits)
            {
                return "the integer does not fit in 64 bits";
            }

            number = (number << bits) | (uint)HexValue(digit);
        }

        value = number;
        return null;
    }

    /// <summary>An optional <c>.digits</c> and an optional exponent, and nothing else.</summary>
    private static bool IsFractionAndExponent(ReadOnlySpan<byte> rest)
    {
        if (rest[0] == '.' && TakeDigits(rest[1..], out rest).IsEmpty)
        {
            return false;
        }

        if (!rest.IsEmpty && rest[0] is (byte)'e' or (byte)'E')
        {
            rest = rest[1..];
            rest = !rest.IsEmpty && rest[0] is (byte)'+' or (byte)'-' ? rest[1..] : rest;
            if (TakeDigits(rest, out rest).IsEmpty)
            {
                return false;
            }
        }

        return rest.IsEmpty;
    }

    /// <summary>Digits with single underscores between them; empty when there are none or an underscore stands elsewhere.</summary>
    private static ReadOnlySpan<byte> TakeDigits(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest, SearchValues<byte>? allowed = null)
    {
        allowed ??= Digits;
        var length = 0;
        while (length < text.Length && (allowed.Contains(text[length]) || IsJoint(text, length, allowed)))
        {
            length++;
        }

        rest = text[length..];
        return text[..length];
    }

    private static bool IsJoint(ReadOnlySpan<byte> text, int at, SearchValues<byte> allowed)
    {
        return text[at] == '_' && at > 0 && text[at - 1] != '_' && at + 1 < text.Length && allowed.Contains(text[at + 1]);
    }

    /// <summary>The token without its underscores.</summary>
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> token)
    {
        if (!token.Contains((byte)'_'))
        {
            return token;
        }

        var plain = new byte[token.Length];
        var length = 0;
        foreach (var b in token)
        {
            if (b != '_')
            {
                plain[length++] = b;
            }
        }

        return plain.AsSpan(0, length);
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
