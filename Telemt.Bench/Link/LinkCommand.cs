using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Telemt.Bench.Load.Net;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Targets;
using Telemt.Worker;
using Telemt.Worker.Selftest;

namespace Telemt.Bench.Link;

/// <summary>The verb `link`: what users get of a real link that is too small for them. Needs root, ip and tc.</summary>
internal static class LinkCommand
{
    private const int Megabits = 100;
    private const int QueueMilliseconds = 50;
    private const int Streams = 64;
    private const int Pings = 20;
    private const int Warmup = 2;

    /// <summary>Seconds in which the proxy finds out that the link is shared.</summary>
    private const int Settle = 12;

    /// <summary>95 % of the link, in payload bytes: beside it there are headers of 52 bytes in 1500.</summary>
    private const long Rate = (long)(Megabits * 1e6 / 8 * 0.95 * 1448 / 1514);

    public static int Run(string[] args)
    {
        var telemt = new Option<string>("--telemt")
        {
            Description = "The executable to measure",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, TelemtTarget.ExecutableName),
        };
        var rounds = new Option<int>("--rounds") { Description = "Of each figure", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 8 };
        var command = new Command("link", "Shares and round trips on a link of 100 Mbit/s between two network namespaces.") { telemt, rounds, seconds };
        command.SetAction(parsed => Measure(parsed.GetRequiredValue(telemt), parsed.GetValue(rounds), parsed.GetValue(seconds)));
        return new RootCommand("Measures fairness on a link.") { command, new Command("link-clients") { Hidden = true } }.Parse(args).Invoke();
    }

    private static void Measure(string telemt, int rounds, int seconds)
    {
        Console.WriteLine(NetworkNamespace.Enter("reno"));
        using var clients = Start();
        var telegram = FakeTelegram.Start(null, TimeProvider.System, new SystemRandomSource());
        try
        {
            Ask(clients, null);
            LinkNetwork.Join(clients.Id);
            Ask(clients, "go");
            using (var target = RunningTarget.Start(new LinkTarget(telemt, 0), telegram.EndPoint.Port, threads: 2))
            {
                var (idle, busy) = (new List<double>(), new List<double>());
                for (var round = 0; round < rounds; round++)
                {
                    idle.Add(Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 0 0")[^1]);
                    busy.Add(Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 16 0")[^1]);
                }

                Write($"pings of 256 bytes, nothing shaped, p99 in ms: idle {Text(idle)}; beside 16 downloads of another user that take all the CPU {Text(busy)}; {Ratio(busy, idle)} x");
                LinkNetwork.Shape(Megabits, QueueMilliseconds);
                var shares = new List<double>();
                var (quiet, full) = (new List<double>(), new List<double>());
                for (var round = 0; round < rounds; round++)
                {
                    var both = Ask(clients, $"{target.Port} {Settle} {seconds} 0 {Streams} 1");
                    shares.Add(100 * both[1] / (both[0] + both[1]));
                    Write($"  {Streams} downloads of one user {both[0]:F1} Mbit/s, one of another {both[1]:F1} Mbit/s");
                    quiet.Add(Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 0 0")[^1]);
                    full.Add(Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 16 0")[^1]);
                }

                Write($"{Megabits} Mbit/s with a queue of {QueueMilliseconds} ms: who has one download beside {Streams} gets {Text(shares)} %");
                Write($"pings on it without a rate, p99 in ms: idle {Text(quiet)}; beside 16 downloads {Text(full)}; {Ratio(full, quiet)} x, the link's own queue being {QueueMilliseconds} ms");
            }

            using (var target = RunningTarget.Start(new LinkTarget(telemt, Rate), telegram.EndPoint.Port, threads: 2))
            {
                var (idle, busy, used) = (new List<double>(), new List<double>(), new List<double>());
                for (var round = 0; round < rounds; round++)
                {
                    idle.Add(Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 0 0")[^1]);
                    var run = Ask(clients, $"{target.Port} {Warmup} {seconds} {Pings} 16 0");
                    busy.Add(run[^1]);
                    used.Add(run[0]);
                }

                Write($"pings with [limits] rate at 95 % of the link, p99 in ms: idle {Text(idle)}; beside 16 downloads ({Text(used)} Mbit/s) {Text(busy)}; {Ratio(busy, idle)} x");
            }
        }
        finally
        {
            clients.StandardInput.Close();
            telegram.DisposeAsync().AsTask().Wait();
        }
    }

    private static Process Start()
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!, ["link-clients"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(info) ?? throw new TargetException("the clients' process does not start");
    }

    /// <returns>Numbers, of an answer that has some.</returns>
    private static double[] Ask(Process clients, string? question)
    {
        if (question is not null)
        {
            clients.StandardInput.WriteLine(question);
            clients.StandardInput.Flush();
        }

        var answer = clients.StandardOutput.ReadLine() ?? throw new TargetException("the clients' process has ended");
        return answer.Contains('.') ? Array.ConvertAll(answer.Split(' '), word => double.Parse(word, CultureInfo.InvariantCulture)) : [];
    }

    private static string Text(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(values):F1} ({values.Min():F1}-{values.Max():F1})");

    private static string Ratio(List<double> one, List<double> to) => (Statistics.Median(one) / Statistics.Median(to)).ToString("F2", CultureInfo.InvariantCulture);

    private static void Write(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
