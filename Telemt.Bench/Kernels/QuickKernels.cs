using System.Diagnostics;
using Telemt.Core.Crypto;

namespace Telemt.Bench.Kernels;

/// <summary>
/// A quick look at the kernels. Ours and openssl take turns, so that a busy neighbour or a changing clock meets both; the
/// medians are compared.
/// </summary>
internal static class QuickKernels
{
    private const int Rounds = 5;

    /// <param name="filter">Part of the name of what to run; all when empty.</param>
    public static int Run(string filter)
    {
        if (Selected("aes", filter))
        {
            Aes();
        }
        if (Selected("users", filter))
        {
            Authentication();
        }
        if (Selected("connection", filter))
        {
            Connection();
        }
        return 0;
    }

    private static bool Selected(string name, string filter) => name.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static void Aes()
    {
        Console.WriteLine($"AES-256-CTR in place, {AesCtr.PathName}; GB/s, medians of {Rounds} interleaved runs of a second");
        Console.WriteLine($"{"bytes",8} {"ours",8} {"openssl",8} {"ratio",6} {"2 passes",9}");
        foreach (var size in new[] { 64, 256, 1024, 8192, 16384, 65536, 262144 })
        {
            var first = new AesCtr(new byte[32], new byte[16]);
            var second = new AesCtr(new byte[32], new byte[16]);
            var buffer = new byte[size];
            var (ours, theirs, both) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(size / NanosecondsPerCall(() => first.Transform(buffer)));
                if (OpensslSpeed.AesCtr(size, 1) is { } speed)
                {
                    theirs.Add(speed);
                }
                both.Add(size / NanosecondsPerCall(() =>
                {
                    first.Transform(buffer);
                    second.Transform(buffer);
                }));
            }
            var reference = theirs.Count > 0 ? Median(theirs) : double.NaN;
            Console.WriteLine($"{size,8} {Median(ours),8:F2} {reference,8:F2} {Median(ours) / reference,6:F2} {Median(both),9:F2}");
        }
    }

    private static void Authentication()
    {
        Console.WriteLine($"Nobody's hello of {BenchUsers.HelloSize} bytes and nobody's header; medians of {Rounds} runs of a second");
        Console.WriteLine($"{"users",8} {"hello µs",10} {"ns/user",8} {"header µs",10} {"ns/user",8}");
        var hello = BenchUsers.Bytes(new Random(2), BenchUsers.HelloSize);
        var header = BenchUsers.Bytes(new Random(3), 64);
        foreach (var count in new[] { 1, 2, 10, 100, 1_000, 10_000 })
        {
            var users = BenchUsers.Directory(count);
            var (hellos, headers) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                hellos.Add(NanosecondsPerCall(() => users.TryAuthenticateHello(hello, -1, out _, out _)));
                headers.Add(NanosecondsPerCall(() => users.TryAuthenticateHeader(header, -1, out _, out _, out _)));
            }
            var (ofHello, ofHeader) = (Median(hellos), Median(headers));
            Console.WriteLine($"{count,8} {ofHello / 1e3,10:F2} {ofHello / count,8:F0} {ofHeader / 1e3,10:F2} {ofHeader / count,8:F0}");
        }
    }

    private static void Connection()
    {
        var cost = new ConnectionBenchmark();
        Console.WriteLine($"Once a connection; ns, medians of {Rounds} runs of a second");
        foreach (var (name, action) in new (string, Action)[]
        {
            ("public key", cost.PublicKey),
            ("replay window, new", () => cost.ReplayOfNew()),
            ("cipher of a header", () => cost.CipherOfAHeader()),
        })
        {
            var runs = Enumerable.Range(0, Rounds).Select(_ => NanosecondsPerCall(action)).ToList();
            Console.WriteLine($"{name,-20} {Median(runs),8:F0}");
        }
    }

    /// <summary>By this process's CPU time, as openssl counts its own: other load on the host then hardly shows.</summary>
    public static double NanosecondsPerCall(Action action)
    {
        const int Batch = 50;
        action();
        var calls = 0L;
        var clock = Stopwatch.StartNew();
        var start = Environment.CpuUsage.TotalTime;
        while (clock.ElapsedMilliseconds < 1_000)
        {
            for (var i = 0; i < Batch; i++)
            {
                action();
            }
            calls += Batch;
        }
        return (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / calls;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
