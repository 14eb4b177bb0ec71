using BenchmarkDotNet.Attributes;
using Telemt.Core;
using Telemt.Core.Crypto;
using Telemt.Core.Replay;

namespace Telemt.Bench.Kernels;

/// <summary>What else each connection pays once.</summary>
public class ConnectionBenchmark
{
    private readonly IRandomSource _random = new FixedRandom();
    private readonly ReplayWindow _window = new(1_048_576, TimeProvider.System, new FixedRandom());
    private readonly byte[] _header = BenchUsers.Bytes(new Random(1), 64);
    private readonly byte[] _bytes = new byte[48];
    private long _number;

    [Benchmark]
    public void PublicKey() => Curve25519Point.WriteLikelyPublicKey(_random, _bytes.AsSpan(0, 32));

    [Benchmark]
    public bool ReplayOfNew()
    {
        BitConverter.TryWriteBytes(_bytes, _number++);
        return _window.TryAdd(_bytes.AsSpan(0, 16));
    }

    [Benchmark]
    public object CipherOfAHeader()
    {
        HandshakeKeys.ClientToServer(_header, null, _bytes.AsSpan(0, 32), _bytes.AsSpan(32));
        return new AesCtr(_bytes.AsSpan(0, 32), _bytes.AsSpan(32));
    }
}
