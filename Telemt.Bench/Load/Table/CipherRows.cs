using System.Globalization;
using Telemt.Bench.Kernels;
using Telemt.Bench.Load.Report;
using Telemt.Core.Crypto;

namespace Telemt.Bench.Load.Table;

/// <summary>The kernel cipher beside `openssl speed`, in turn.</summary>
internal static class CipherRows
{
    public static IEnumerable<TableRow> Measure(int rounds)
    {
        foreach (var (size, least) in ((int, double)[])[(64, 2.0), (1024, 1.0), (16_384, 1.0)])
        {
            var cipher = new AesCtr(new byte[AesCtr.KeySize], new byte[AesCtr.IvSize]);
            var buffer = new byte[size];
            var (ours, theirs) = (new List<double>(), new List<double>());
            for (var i = 0; i < rounds * 2; i++)
            {
                ours.Add(size / QuickKernels.NanosecondsPerCall(() => cipher.Transform(buffer)));
                theirs.Add(OpensslSpeed.AesCtr(size, seconds: 1) ?? double.NaN);
            }

            var ratio = Statistics.Median(ours) / Statistics.Median(theirs);
            yield return new TableRow(
                string.Create(CultureInfo.InvariantCulture, $"AES-256-CTR in place, {size:N0} B"),
                Figure(ours),
                $"openssl {Figure(theirs)}",
                string.Create(CultureInfo.InvariantCulture, $"{ratio:F2} ×"),
                string.Create(CultureInfo.InvariantCulture, $"at least {least:F1} ×"),
                double.IsNaN(ratio) ? "no openssl" : ratio >= least ? "reached" : "**missed**",
                "");
        }
    }

    private static string Figure(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(values):F2} GB/s ({values.Min():F2} to {values.Max():F2})");
}
