using System.CommandLine;
using Telemt.Bench.Load.Relays;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Scenarios;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load;

/// <summary>The verbs `load`, `table` and `relay`.</summary>
internal static class LoadCommands
{
    public static int Run(string[] args)
    {
        var root = new RootCommand("Loads a running proxy from both ends and measures what it uses.");
        root.Add(LoadCommand());
        root.Add(TableCommand.Create());
        root.Add(RelayCommand());
        return root.Parse(args).Invoke();
    }

    private static Command LoadCommand()
    {
        var scenario = new Argument<string>("scenario") { Description = "down, up, both, sessions, returning, idle, latency, stall, bogus, beside-bogus or start" };
        var targets = new Option<string[]>("--targets")
        {
            Description = "telemt, telemt-slow (fast mode off), telemt-users (10,000), floor, splice, haproxy",
            DefaultValueFactory = _ => ["telemt", "floor", "haproxy"],
            AllowMultipleArgumentsPerToken = true,
        };
        var modes = new Option<LoadMode[]>("--modes")
        {
            Description = "Handshakes to come with, where the target is a proxy",
            DefaultValueFactory = _ => [LoadMode.Tls],
            AllowMultipleArgumentsPerToken = true,
        };
        var relays = new Option<string[]>("--relay")
        {
            Description = "Another relay, as NAME=COMMAND with {port}, {dcport} and {threads} in it; repeatable",
        };
        var proxies = new Option<string[]>("--proxy")
        {
            Description = $"Another MTProto proxy, in the same form. Secret {Convert.ToHexStringLower(TelemtTarget.Key.Bytes)}, "
                + $"domain {TelemtTarget.Domain}; it must take 127.0.0.1:{{dcport}} for DC 2",
        };
        var flows = new Option<int>("--flows") { Description = "Flows, clients, or sessions at a time", DefaultValueFactory = _ => 16 };
        var sessions = new Option<int>("--sessions") { Description = "Idle sessions, or phones that come back", DefaultValueFactory = _ => 5000 };
        var beside = new Option<int>("--beside") { Description = "Downloads beside small messages or stalled clients" };
        var common = new StageOptions();

        var command = new Command("load", "One scenario against several targets, in turn.") { scenario, targets, modes, relays, proxies, flows, sessions, beside };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var kind = ScenarioOf(
                parsed.GetRequiredValue(scenario), parsed.GetValue(flows), parsed.GetValue(sessions), parsed.GetValue(beside));
            var all = new TargetList(common.Telemt(parsed))
                .Add(parsed.GetRequiredValue(targets))
                .AddCommands(parsed.GetValue(relays) ?? [], isProxy: false)
                .AddCommands(parsed.GetValue(proxies) ?? [], isProxy: true);
            return common.Run(parsed, (comparison, surroundings) =>
            {
                var results = comparison.Run(kind, all.Cases(parsed.GetRequiredValue(modes)));
                TextReport.Write(Console.Out, kind, results);
                return results;
            });
        });
        return command;
    }

    private static Command RelayCommand()
    {
        var listen = new Option<int>("--listen") { Required = true, Description = "Port on 127.0.0.1" };
        var to = new Option<int>("--to") { Required = true, Description = "Port on 127.0.0.1" };
        var splice = new Option<bool>("--splice") { Description = "By splice(2) with pipes of 1 MiB, not by a buffer of 256 KiB" };
        var command = new Command("relay", "The baseline: the least that a relay can do, on one thread.") { listen, to, splice };
        command.SetAction(parsed =>
        {
            var (port, toPort) = (parsed.GetValue(listen), parsed.GetValue(to));
            BaselineRelay relay = parsed.GetValue(splice) ? new SpliceRelay(port, toPort) : new CopyRelay(port, toPort);
            relay.Run();
        });
        return command;
    }

    private static Scenario ScenarioOf(string name, int flows, int sessions, int beside) => name switch
    {
        "down" => new Throughput(Direction.Down, flows),
        "up" => new Throughput(Direction.Up, flows),
        "both" => new Throughput(Direction.Both, flows),
        "sessions" => new Sessions(flows),
        "returning" => new Returning(flows, sessions),
        "bogus" => new Bogus(),
        "beside-bogus" => new BesideBogus(flows),
        "idle" => new Idle(sessions),
        "latency" => new RoundTrips(flows, beside),
        "stall" => new Stall(flows, Math.Max(beside, 1)),
        "start" => new Startup(),
        _ => throw new ArgumentException($"no scenario is called {name}"),
    };
}
