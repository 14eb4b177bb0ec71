using Telemt.Core.Wire;

namespace Telemt.Core.Gate;

/// <summary>
/// What the first four bytes of a connection give away. Clients never begin an obfuscated header with these (PROTOCOL C.3), so
/// none of them is kept waiting for 64 bytes.
/// </summary>
internal static class Opening
{
    public const int Size = 4;

    /// <summary>A web client's request: GET, POST, HEAD, OPTIONS.</summary>
    public static bool IsVerb(ReadOnlySpan<byte> bytes) => bytes.Length >= Size && StartsVerb(bytes[..Size]);

    /// <summary>16 03 01 02: the ClientHello of a time when all of them were shorter than 768 bytes.</summary>
    public static bool IsForbiddenHello(ReadOnlySpan<byte> bytes) => bytes.Length >= Size && StartsHello(bytes) && bytes[3] == 2;

    /// <summary>True while 16 03 01 is all or the beginning of what came.</summary>
    public static bool StartsHello(ReadOnlySpan<byte> bytes) => HelloFrame.StartsRecord(bytes);

    /// <summary>True while more bytes could make a verb or a hello of these.</summary>
    public static bool IsOpen(ReadOnlySpan<byte> bytes) => bytes.Length < Size && (StartsVerb(bytes) || StartsHello(bytes));

    private static bool StartsVerb(ReadOnlySpan<byte> bytes)
        => "GET "u8.StartsWith(bytes) || "POST"u8.StartsWith(bytes) || "HEAD"u8.StartsWith(bytes) || "OPTI"u8.StartsWith(bytes);
}
