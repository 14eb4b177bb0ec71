using System.Buffers.Binary;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Tests.Fakes;

/// <summary>A client's obfuscated header and its ciphers, made from a seed by the formula of PROTOCOL C.1.</summary>
internal sealed class TestHeader
{
    private TestHeader(byte[] wire, AesCtr up, AesCtr down)
    {
        Wire = wire;
        Up = up;
        Down = down;
    }

    public byte[] Wire { get; }

    public AesCtr Up { get; }

    public AesCtr Down { get; }

    public static TestHeader Make(byte[] secret, byte tag, short dc = 2, int seed = 1)
    {
        var wire = new byte[64];
        new SeededRandom(seed).Fill(wire);
        wire[0] = 0x41;
        wire.AsSpan(56, 4).Fill(tag);
        BinaryPrimitives.WriteInt16LittleEndian(wire.AsSpan(60), dc);
        var up = Cipher(wire, secret, HandshakeKeys.ClientToServer);
        var sealedHeader = wire.ToArray();
        up.Transform(sealedHeader);
        sealedHeader.AsSpan(56).CopyTo(wire.AsSpan(56));
        return new TestHeader(wire, up, Cipher(wire, secret, HandshakeKeys.ServerToClient));
    }

    private static AesCtr Cipher(byte[] wire, byte[] secret, Derivation derive)
    {
        var key = new byte[32];
        var iv = new byte[16];
        derive(wire, new Secret(secret), key, iv);
        return new AesCtr(key, iv);
    }

    private delegate void Derivation(ReadOnlySpan<byte> header, Secret? secret, Span<byte> key, Span<byte> iv);
}
