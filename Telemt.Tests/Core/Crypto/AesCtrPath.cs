using Telemt.Core.Crypto;

namespace Telemt.Tests.Core.Crypto;

/// <summary>One way through AES-256-CTR, forced; a test names the path and gets a fresh stream.</summary>
internal abstract class AesCtrPath
{
    public abstract void Transform(ReadOnlySpan<byte> source, Span<byte> destination);

    public static readonly string[] Names = ["Chosen", "AesNi", "Arm", "ArmInSoftware", "Portable"];

    public static AesCtrPath Create(string name, byte[] key, byte[] iv)
    {
        switch (name)
        {
            case "AesNi":
                Assume.That(AesNiRounds.IsSupported, "this host has no AES-NI");
                return new Forced<AesNiRounds>(key, iv);
            case "Arm":
                Assume.That(ArmAesRounds.IsSupported, "this host has no ARMv8 AES");
                return new Forced<ArmAesRounds>(key, iv);
            case "ArmInSoftware":
                return new Forced<SoftwareArmRounds>(key, iv);
            case "Portable":
                return new Portable(key, iv);
            default:
                return new Chosen(key, iv);
        }
    }

    private sealed class Forced<TRounds>(byte[] key, byte[] iv) : AesCtrPath
        where TRounds : struct, IAesRounds
    {
        private AesCtrState _state = AesCtrState.Create<TRounds>(key, iv);

        public override void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
            => AesCtrStream<TRounds>.Transform(ref _state, source, destination);
    }

    private sealed class Portable(byte[] key, byte[] iv) : AesCtrPath
    {
        private readonly PortableAesCtr _stream = new(key, iv);

        public override void Transform(ReadOnlySpan<byte> source, Span<byte> destination) => _stream.Transform(source, destination);
    }

    private sealed class Chosen(byte[] key, byte[] iv) : AesCtrPath
    {
        private readonly AesCtr _stream = new(key, iv);

        public override void Transform(ReadOnlySpan<byte> source, Span<byte> destination) => _stream.Transform(source, destination);
    }
}
