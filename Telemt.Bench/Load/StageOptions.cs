using System.CommandLine;
using System.Runtime.InteropServices;
using Telemt.Bench.Load.Net;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Scenarios;
using Telemt.Bench.Load.Targets;
using Telemt.Worker;

namespace Telemt.Bench.Load;

/// <summary>What `load` and `table` have in common: how long, how often, where, and what is written.</summary>
internal sealed class StageOptions
{
    private const int Interrupted = 130;

    private readonly Option<double> _seconds = new("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 2 };
    private readonly Option<double> _warmup = new("--warmup") { Description = "Seconds before each run", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _rounds = new("--rounds") { Description = "A B B A so many times", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _threads = new("--threads") { Description = "Data-plane threads of each target", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _congestion = new("--congestion") { Description = "Congestion control", DefaultValueFactory = _ => "reno" };
    private readonly Option<bool> _hostNetwork = new("--host-network") { Description = "Make no network namespace" };
    private readonly Option<string?> _json = new("--json") { Description = "File for every number of every run" };
    private readonly Option<string> _telemt = new("--telemt")
    {
        Description = "The executable to measure",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, TelemtTarget.ExecutableName),
    };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_seconds, _warmup, _rounds, _threads, _congestion, _hostNetwork, _json, _telemt])
        {
            command.Add(option);
        }
    }

    public string Telemt(ParseResult parsed) => parsed.GetRequiredValue(_telemt);

    /// <summary>Sets the stage, runs, writes the file of all numbers.</summary>
    /// <returns>The exit code: 1 when a run failed, 130 when a signal ended it.</returns>
    public int Run(ParseResult parsed, Func<Comparison, Surroundings, IReadOnlyList<Result>> run)
    {
        var network = parsed.GetValue(_hostNetwork)
            ? "host network"
            : NetworkNamespace.Enter(parsed.GetRequiredValue(_congestion));
        var surroundings = Surroundings.Here(network);
        Console.Error.WriteLine(surroundings);
        var timing = new StageTiming(Seconds(_warmup), Seconds(_seconds));
        using var stage = new Stage(timing, new SystemRandomSource(), TimeProvider.System);
        var comparison = new Comparison(
            stage, parsed.GetValue(_rounds), parsed.GetValue(_threads), Console.Error.WriteLine);

        // A target that was started is ended, whatever ends us.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var results = run(comparison, surroundings);
            if (parsed.GetValue(_json) is { } path)
            {
                JsonReport.Write(path, surroundings, results);
            }

            return results.Any(result => result.Failure is not null) ? 1 : 0;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stage.Poller.Stop();
        }

        TimeSpan Seconds(Option<double> option) => TimeSpan.FromSeconds(parsed.GetValue(option));
    }
}
