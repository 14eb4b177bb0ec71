using System.CommandLine;
using System.Globalization;
using Telemt.Core.Crypto;
using Telemt.Worker.Selftest;

namespace Telemt.Worker.Cli;

/// <summary>`telemt selftest`: the proxy and a fake Telegram in one process, every way through, and what this host can do.</summary>
internal static class SelftestCommand
{
    private static readonly short[] Dcs = [2, -4];

    public static Command Create()
    {
        var command = new Command("selftest", "Run the proxy against a fake Telegram on loopback: every mode, byte for byte, and its speed");
        command.SetAction((result, cancellation) => RunAsync(
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            SelftestLoad.Full,
            cancellation));
        return command;
    }

    internal static async Task<int> RunAsync(TextWriter output, TextWriter error, SelftestLoad load, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            error.WriteLine("error: the proxy runs on Linux only");
            return ExitCode.Failed;
        }

        output.WriteLine($"{VersionCommand.Text}, {Environment.ProcessorCount} cores, {AesCtr.PathName}");
        var random = new SystemRandomSource();
        var (problems, figures) = (new List<string>(), new List<Figure>());
        await using (var telegram = FakeTelegram.Start(null, TimeProvider.System, random))
        {
            foreach (var fast in new[] { true, false })
            {
                await using var proxy = await LoopbackProxy.StartAsync(
                    telegram.EndPoint, random, $"fast_mode = {(fast ? "true" : "false")}", cancellation);
                var runner = new SelftestRunner(proxy, telegram, random, TimeProvider.System);
                await CheckAsync(output, fast ? "fast mode on" : "fast mode off", runner.CheckAsync, problems, cancellation);
                if (problems.Count == 0)
                {
                    figures.AddRange(await MeasureAsync(new SelftestFigures(runner, load, cancellation), fast));
                }
            }

            await using var middle = await SelftestMiddle.StartAsync(telegram, Dcs[0], Dcs[1], random, cancellation);
            await CheckAsync(output, "by middle proxies", middle.CheckAsync, problems, cancellation);
        }

        if (problems.Count != 0)
        {
            problems.ForEach(problem => error.WriteLine("error: " + problem));
            return ExitCode.Failed;
        }

        WriteFigures(output, figures);
        return ExitCode.Good;
    }

    private static async Task CheckAsync(
        TextWriter output,
        string title,
        Func<SelftestWay, short, CancellationToken, Task<string?>> check,
        List<string> problems,
        CancellationToken cancellation)
    {
        output.WriteLine();
        output.WriteLine($"{title,-24}{string.Concat(Dcs.Select(dc => $"{(dc < 0 ? "media" : "dc"),7} {Math.Abs(dc)}"))}");
        foreach (var way in SelftestWay.All)
        {
            output.Write($"  {way.Name,-22}");
            foreach (var dc in Dcs)
            {
                var problem = await check(way, dc, cancellation);
                output.Write($"{(problem is null ? "ok" : "FAILED"),9}");
                if (problem is not null)
                {
                    problems.Add($"{title}, {way.Name}, data centre {dc}: {problem}");
                }
            }

            output.WriteLine();
        }
    }

    /// <summary>What fast mode changes is measured twice.</summary>
    private static async Task<Figure[]> MeasureAsync(SelftestFigures figures, bool fast) => fast
        ? [new("sessions", await figures.SessionsAsync()), new("download, MB", await figures.DownloadAsync())]
        : [new("download, fast mode off, MB", await figures.DownloadAsync()), new("upload, MB", await figures.UploadAsync())];

    private static void WriteFigures(TextWriter output, List<Figure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"per second of a core",-30}{"classic",9}{"fake TLS",10}");
        foreach (var (name, (classic, tls)) in figures)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28}{classic,9:F0}{tls,10:F0}"));
        }

        output.WriteLine();
        output.WriteLine("Everything works.");
    }

    private sealed record Figure(string Name, (double Classic, double Tls) Value);
}
