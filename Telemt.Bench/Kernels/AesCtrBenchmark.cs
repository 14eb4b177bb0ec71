using BenchmarkDotNet.Attributes;
using Telemt.Core.Crypto;

namespace Telemt.Bench.Kernels;

/// <summary>One pass of AES-256-CTR in place, and the two passes that recrypting takes.</summary>
public class AesCtrBenchmark
{
    private readonly AesCtr _first = new(new byte[32], new byte[16]);
    private readonly AesCtr _second = new(new byte[32], new byte[16]);
    private byte[] _buffer = [];

    [Params(64, 1024, 16384, 262144)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Allocate() => _buffer = new byte[Size];

    [Benchmark]
    public void OnePass() => _first.Transform(_buffer);

    [Benchmark]
    public void TwoPasses()
    {
        _first.Transform(_buffer);
        _second.Transform(_buffer);
    }
}
