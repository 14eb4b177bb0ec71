using Telemt.Tests.EndToEnd;
using Telemt.Tests.External.Sites;

namespace Telemt.Tests.External.Probing;

/// <summary>
/// When the first byte of an answer comes, directly and through us, both behind a way of 20 ± 5 ms: 200 probes of each kind that is
/// answered. Prints; nothing of it is asserted but that answers came.
/// </summary>
[Category("Long")]
[Platform("Linux")]
[CancelAfter(1_800_000)]
internal sealed class ProbeTimingTests
{
    private const int Rounds = 200;
    private const int AtOnce = 16;

    [Test]
    public async Task FirstByte_ThroughUs_ComesWhenTheSitesDoes([Values("nginx", "apache2")] string server, CancellationToken cancellation)
    {
        using var site = await RealSite.StartAsync(server, new SiteOptions());
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("mask_port", site.Port.ToString()), ("modes.classic", "false"), ("modes.secure", "false"), ("limits.max_handshakes_per_ip", "0")));
        using var direct = new DelayedPath(site.Port, seed: 1);
        using var ours = new DelayedPath(proxy.Port, seed: 2);
        var rows = new List<(string Name, double Probability, double Median, double Shift, double BareShift)>();
        foreach (var probe in Probe.All.Where(probe => probe.Parts.Length == 1))
        {
            var one = await probe.AskAsync(site.Port, cancellation, TimeSpan.FromSeconds(1));
            if (one.Bytes.Length > 0)
            {
                var behind = await MeasureAsync(probe, direct.Port, ours.Port, Rounds, cancellation);
                var bare = await MeasureAsync(probe, site.Port, proxy.Port, Rounds / 4, cancellation);
                rows.Add((probe.Name, KolmogorovSmirnov.Probability(behind.Direct, behind.Ours), Median(behind.Direct), Median(behind.Ours) - Median(behind.Direct), Median(bare.Ours) - Median(bare.Direct)));
            }
        }

        Assert.That(rows, Is.Not.Empty);
        var told = rows.Count(row => row.Probability < 0.01 / rows.Count);
        TestContext.Progress.WriteLine(
            $"{server}: {rows.Count} kinds of {Rounds} probes: {told} told apart at 1 % (corrected), {rows.Count(row => row.Probability < 0.01)} at 1 % each; "
            + $"median {Median([.. rows.Select(row => row.Median)]):F2} ms, shift {Median([.. rows.Select(row => row.Shift)]):F2} ms (largest {rows.Max(row => row.Shift):F2}), "
            + $"without the way {Median([.. rows.Select(row => row.BareShift)]):F2} ms (largest {rows.Max(row => row.BareShift):F2})");
        foreach (var row in rows.OrderBy(row => row.Probability).Take(10))
        {
            TestContext.Progress.WriteLine($"  p {row.Probability:F4}, {row.Median:F2} ms {row.Shift:+0.00;-0.00} ms, bare {row.BareShift:+0.00;-0.00} ms: {row.Name}");
        }
    }

    /// <summary>One after the other in turns, a few at once.</summary>
    private static async Task<(double[] Direct, double[] Ours)> MeasureAsync(Probe probe, int direct, int ours, int rounds, CancellationToken cancellation)
    {
        var (left, right) = (new double[rounds], new double[rounds]);
        var most = TimeSpan.FromSeconds(1);
        await Parallel.ForEachAsync(Enumerable.Range(0, rounds), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, token) =>
        {
            if (i % 2 == 0)
            {
                left[i] = (await probe.AskAsync(direct, token, most)).FirstAt;
                right[i] = (await probe.AskAsync(ours, token, most)).FirstAt;
            }
            else
            {
                right[i] = (await probe.AskAsync(ours, token, most)).FirstAt;
                left[i] = (await probe.AskAsync(direct, token, most)).FirstAt;
            }
        });
        return (left, right);
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
