using System.Runtime.CompilerServices;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Runs cases in turn, A B B A, so that a machine that grows warmer or busier is unfair to none.</summary>
/// <param name="rounds">Of two runs of each case.</param>
/// <param name="threads">Data-plane threads of each target.</param>
/// <param name="progress">Told of each run.</param>
internal sealed class Comparison(Stage stage, int rounds, int threads, Action<string> progress)
{
    public IReadOnlyList<Result> Run(Scenario scenario, IReadOnlyList<Case> cases)
    {
        List<Result> results = [.. cases.Select(of => new Result(scenario, of))];
        for (var round = 0; round < rounds; round++)
        {
            results.ForEach(RunOnce);
            Enumerable.Reverse(results).ToList().ForEach(RunOnce);
        }

        return results;
    }

    private void RunOnce(Result result)
    {
        if (result.Failure is not null)
        {
            return;
        }

        try
        {
            var sample = Measure(result);
            result.Samples.Add(sample);
            progress($"{result.Scenario.Name}: {result.Case.Name}: {Describe(result.Scenario, sample)}");
        }
        catch (TargetException e)
        {
            result.Failure = e.Message;
            progress($"{result.Scenario.Name}: {result.Case.Name}: FAILED: {e.Message}");
        }
    }

    private Sample Measure(Result result)
    {
        using var running = RunningTarget.Start(result.Case.Target, stage.Dc.Port, threads);
        var opening = new Opening(result.Case.Mode, TelemtTarget.Key, TelemtTarget.Domain, stage.Random, stage.Clock);
        try
        {
            return result.Scenario.Measure(stage, running, opening);
        }
        catch (TargetException e)
        {
            throw new TargetException($"{e.Message}\n{running.LogTail()}");
        }
        finally
        {
            stage.Clear();
        }
    }

    private static string Describe(Scenario scenario, Sample sample)
    {
        var text = new DefaultInterpolatedStringHandler(16, 4);
        for (var i = 0; i < scenario.Metrics.Count; i++)
        {
            var metric = scenario.Metrics[i];
            text.AppendFormatted($"{metric.Name} {sample.Values[i].ToString(metric.Format)} {metric.Unit}; ");
        }

        var usage = sample.Usage;
        text.AppendFormatted($"cores: target {usage.TargetCores:F2}, generator {usage.OwnCores:F2}, others {usage.OtherCores:F2}");
        return text.ToStringAndClear();
    }
}
