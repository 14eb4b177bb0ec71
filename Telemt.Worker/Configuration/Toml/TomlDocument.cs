using System.Security.Cryptography;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>A file as it was read and understood. Immutable.</summary>
internal sealed class TomlDocument
{
    private TomlDocument(TomlTable root, string path, byte[] contentHash)
    {
        (Root, Path, ContentHash) = (root, path, contentHash);
    }

    public TomlTable Root { get; }

    /// <summary>The file's path, absolute where the file provider knows it; for messages.</summary>
    public string Path { get; }

    /// <summary>SHA-256 over the file's bytes: equal hashes are equal files. Not to be changed.</summary>
    public byte[] ContentHash { get; }

    /// <exception cref="TomlException">The content is not TOML.</exception>
    public static TomlDocument Parse(string path, ReadOnlySpan<byte> content)
    {
        return new TomlDocument(TomlParser.Parse(content), path, SHA256.HashData(content));
    }

    /// <summary>Reads and parses a file; what is wrong with the file itself comes as the <see cref="IOException"/> it is.</summary>
    /// <exception cref="TomlException">The content is not TOML.</exception>
    public static TomlDocument Load(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Parse(System.IO.Path.GetFullPath(path), TomlContent.ReadAll(stream));
    }
}
