using System.Security.Cryptography;

namespace Telemt.Core.Wire;

/// <summary>
/// The 16-byte key that a user shares with us (PROTOCOL A). Its text form never reaches a log: <see cref="ToString"/> hides it.
/// </summary>
internal sealed class Secret : IEquatable<Secret>
{
    public const int Size = 16;

    private readonly byte[] _bytes;

    public Secret(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        _bytes = bytes.ToArray();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>True for the all-zero secret of the sample files.</summary>
    public bool IsPlaceholder => !_bytes.AsSpan().ContainsAnyExcept((byte)0);

    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>Over all bytes: secrets made by counting up would otherwise fall together in a table of many users.</summary>
    public override int GetHashCode() => HashCode.Combine(BitConverter.ToInt64(_bytes), BitConverter.ToInt64(_bytes, sizeof(long)));

    public override string ToString() => "(secret)";
}
