using BenchmarkDotNet.Attributes;
using Telemt.Core.Users;

namespace Telemt.Bench.Kernels;

/// <summary>What a stranger's hello and header cost: nobody's, so all users are tried.</summary>
public class AuthenticationBenchmark
{
    private readonly byte[] _hello = BenchUsers.Bytes(new Random(2), BenchUsers.HelloSize);
    private readonly byte[] _header = BenchUsers.Bytes(new Random(3), 64);
    private UserDirectory _users = null!;

    [Params(1, 100, 10_000)]
    public int Users { get; set; }

    [GlobalSetup]
    public void Prepare() => _users = BenchUsers.Directory(Users);

    [Benchmark]
    public bool BogusHello() => _users.TryAuthenticateHello(_hello, likely: -1, out _, out _);

    [Benchmark]
    public bool BogusHeader() => _users.TryAuthenticateHeader(_header, likely: -1, out _, out _, out _);
}
