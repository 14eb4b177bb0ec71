using System.Buffers;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads every value that stands without quotes or brackets: booleans, numbers, dates and times.</summary>
internal static class TomlScalars
{
    private static readonly SearchValues<byte> Token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+.:"u8);

    // Boxed once: a file of many users says true and false often.
    private static readonly object True = true;
    private static readonly object False = false;

    public static TomlValue Read(ref TomlCursor cursor)
    {
        var token = cursor.Rest[..TokenLength(ref cursor)];
        if (token.IsEmpty)
        {
            throw cursor.Error($"a value was expected, found {cursor.DescribeCurrent()}");
        }

        var position = cursor.Here();
        var problem = TryRead(token, out var kind, out var value);
        if (value is null)
        {
            throw new TomlException(position, problem ?? Guess(token));
        }

        cursor.Advance(token.Length);
        return new TomlValue(position, kind, value);
    }

    private static string? TryRead(ReadOnlySpan<byte> token, out TomlKind kind, out object? value)
    {
        if (TomlDates.LooksLike(token))
        {
            return TomlDates.TryRead(token, out kind, out value) ? null : "no such date or time; text stands in quotes";
        }

        if (token.SequenceEqual("true"u8) || token.SequenceEqual("false"u8))
        {
            (kind, value) = (TomlKind.Boolean, token[0] == 't' ? True : False);
            return null;
        }

        return TomlNumbers.TryRead(token, out kind, out value);
    }

    /// <summary>A date may be parted from its time by one blank instead of a T.</summary>
    private static int TokenLength(ref TomlCursor cursor)
    {
        var rest = cursor.Rest;
        var length = LengthOf(rest);
        return length == TomlDates.DateLength && rest.Length > length + 1 && rest[length] == ' '
            && char.IsAsciiDigit((char)rest[length + 1]) && TomlDates.IsDate(rest[..length])
            ? length + 1 + LengthOf(rest[(length + 1)..])
            : length;
    }

    private static int LengthOf(ReadOnlySpan<byte> rest)
    {
        var length = rest.IndexOfAnyExcept(Token);
        return length < 0 ? rest.Length : length;
    }

    private static string Guess(ReadOnlySpan<byte> token)
    {
        Span<byte> lower = stackalloc byte[5];
        return token.Length <= 5 && Ascii.ToLower(token, lower, out var length) == OperationStatus.Done
            && (lower[..length].SequenceEqual("true"u8) || lower[..length].SequenceEqual("false"u8))
            ? "booleans are written in small letters: true, false"
            : "this is neither a number, a date, true nor false; text, such as a secret, stands in quotes";
    }
}
