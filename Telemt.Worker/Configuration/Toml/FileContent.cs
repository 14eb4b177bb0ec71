using System.Security.Cryptography;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>What a file holds, reduced to what tells it from another content.</summary>
/// <param name="Digest">SHA-256 in hex, or one of the words below.</param>
internal readonly record struct FileContent(string Digest)
{
    public static FileContent Missing { get; } = new("missing");

    public static FileContent Unreadable { get; } = new("unreadable");

    /// <param name="hash">A <see cref="TomlDocument.ContentHash"/>.</param>
    public static FileContent Of(ReadOnlySpan<byte> hash) => new(Convert.ToHexString(hash));

    public static FileContent Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Of(SHA256.HashData(TomlContent.ReadAll(stream)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Missing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Unreadable;
        }
    }
}
