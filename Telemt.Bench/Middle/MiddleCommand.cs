using System.CommandLine;
using Telemt.Bench.Load.Targets;

namespace Telemt.Bench.Middle;

/// <summary>The verb `middle`: the route of ad tags against fake middle proxies, beside the direct route where there is one to compare.</summary>
internal static class MiddleCommand
{
    public static int Run(string[] args)
    {
        var telemt = new Option<string>("--telemt")
        {
            Description = "The executable to measure",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, TelemtTarget.ExecutableName),
        };
        var only = new Option<string>("--only") { Description = "down, idle, stall or kill", DefaultValueFactory = _ => "" };
        var rounds = new Option<int>("--rounds") { Description = "A B B A so many times", DefaultValueFactory = _ => 2 };
        var seconds = new Option<double>("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 2 };
        var root = new RootCommand("Measures the route of ad tags. On this host's loopback; nothing leaves it.");
        var command = new Command("middle", "Downloads, idle clients, a client that stops reading, a middle proxy that dies.") { telemt, only, rounds, seconds };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = new MiddleFigures(
                parsed.GetRequiredValue(telemt), parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), Console.Out, cancellation);
            foreach (var (name, measure) in new (string, Func<Task>)[]
            {
                ("down", figures.DownloadsAsync), ("idle", figures.IdleAsync), ("stall", figures.StallAsync), ("kill", figures.KillAsync),
            })
            {
                if (name.Contains(parsed.GetRequiredValue(only), StringComparison.Ordinal))
                {
                    await measure();
                }
            }
        });
        root.Add(command);
        return root.Parse(args).Invoke();
    }
}
