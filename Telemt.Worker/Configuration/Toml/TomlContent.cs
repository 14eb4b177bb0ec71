namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads a whole file within a bound: a path may name a device or a stream without an end.</summary>
internal static class TomlContent
{
    /// <summary>Far above any configuration: 10,000 users take about one megabyte.</summary>
    public const int MaxLength = 64 << 20;

    /// <exception cref="InvalidDataException">More than <see cref="MaxLength"/>.</exception>
    public static ReadOnlySpan<byte> ReadAll(Stream stream)
    {
        var content = new byte[stream.CanSeek ? Math.Clamp(stream.Length + 1, 4096, MaxLength + 1) : 4096];
        var length = 0;
        while (stream.Read(content, length, content.Length - length) is > 0 and var read)
        {
            length += read;
            if (length > MaxLength)
            {
                throw new InvalidDataException($"The file is larger than {MaxLength >> 20} MiB.");
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(2L * content.Length, MaxLength + 1));
            }
        }

        return content.AsSpan(0, length);
    }
}
