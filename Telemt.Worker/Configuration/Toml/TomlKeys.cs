using System.Buffers;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads keys: <c>bare</c>, <c>"quoted"</c>, <c>'literal'</c>, and any of them joined by dots.</summary>
internal static class TomlKeys
{
    private static readonly SearchValues<byte> Bare =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    /// <summary>Leaves the cursor behind the key and the blanks that follow it.</summary>
    /// <param name="path">Receives the parts; what it held before is dropped.</param>
    public static void ReadPath(ref TomlCursor cursor, List<TomlKey> path)
    {
        path.Clear();
        do
        {
            cursor.SkipBlanks();
            if (path.Count == TomlParser.MaxDepth)
            {
                throw cursor.Error($"the key has more than {TomlParser.MaxDepth} parts");
            }

            path.Add(ReadPart(ref cursor));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake((byte)'.'));
    }

    private static TomlKey ReadPart(ref TomlCursor cursor)
    {
        var position = cursor.Here();
        if (cursor.Current is '"' or '\'')
        {
            return new TomlKey(TomlStrings.ReadOneLine(ref cursor), position);
        }

        var length = cursor.Rest.IndexOfAnyExcept(Bare);
        length = length < 0 ? cursor.Rest.Length : length;
        if (length == 0)
        {
            throw cursor.Error($"a key was expected, found {cursor.DescribeCurrent()}{Cure(cursor.Current)}");
        }

        var name = Encoding.ASCII.GetString(cursor.Rest[..length]);
        cursor.Advance(length);
        return new TomlKey(name, position);
    }

    /// <summary>A hint only where the character could be meant as part of a name.</summary>
    private static string Cure(int found)
    {
        return found >= 0x80 || (found > ' ' && !"=.,[]{}#".Contains((char)found))
            ? "; a name of other characters than A-Z a-z 0-9 _ - stands in quotes"
            : "";
    }
}
