using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Telemt.Core.Middle;

/// <summary>
/// The secret that all proxies share with Telegram's middle proxies (PROTOCOL F.1): 32 to 256 random bytes, 128 in practice.
/// </summary>
internal sealed class MiddleSecret : IEquatable<MiddleSecret>
{
    public const int MinSize = 32;
    public const int MaxSize = 256;

    private static readonly SearchValues<byte> TextBytes = SearchValues.Create(
        "\t\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly byte[] _bytes;

    private MiddleSecret(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The first 4 bytes: what tells both sides whether they have the same one.</summary>
    public uint KeySelector => BinaryPrimitives.ReadUInt32LittleEndian(_bytes);

    /// <summary>False for what cannot be one: a wrong length, or a text, such as the page of somebody in between.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MiddleSecret? secret)
    {
        secret = bytes.Length is < MinSize or > MaxSize || IsText(bytes) ? null : new MiddleSecret(bytes.ToArray());
        return secret is not null;
    }

    public bool Equals(MiddleSecret? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as MiddleSecret);

    public override int GetHashCode() => (int)KeySelector;

    /// <summary>32 random bytes are text once in 10^13 times.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(TextBytes);
}
