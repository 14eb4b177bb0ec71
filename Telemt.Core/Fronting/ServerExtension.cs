namespace Telemt.Core.Fronting;

/// <summary>An extension of a ServerHello; of key_share the group and the key are left out, which every answer makes anew.</summary>
internal sealed class ServerExtension(ushort type, ReadOnlyMemory<byte> content) : IEquatable<ServerExtension>
{
    public ushort Type { get; } = type;

    public ReadOnlyMemory<byte> Content { get; } = content;

    public bool Equals(ServerExtension? other) => other is not null && other.Type == Type && other.Content.Span.SequenceEqual(Content.Span);

    public override bool Equals(object? obj) => Equals(obj as ServerExtension);

    public override int GetHashCode() => HashCode.Combine(Type, Content.Length);
}
