using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>The groups of the keys that we answer with.</summary>
internal enum KeyGroup : byte
{
    X25519,
    X25519MlKem768,
}

internal static class KeyGroups
{
    /// <summary>As telemt.toml writes it.</summary>
    public static string Name(KeyGroup group) => group == KeyGroup.X25519MlKem768 ? "x25519mlkem768" : "x25519";

    public static KeyGroup Of(ushort group) => group == Tls13.X25519MlKem768 ? KeyGroup.X25519MlKem768 : KeyGroup.X25519;
}
