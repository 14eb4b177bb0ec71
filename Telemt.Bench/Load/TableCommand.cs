using System.CommandLine;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Scenarios;
using Telemt.Bench.Load.Table;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load;

/// <summary>`telemt-bench table`: every figure that is promised, in one go.</summary>
internal static class TableCommand
{
    /// <summary>Descriptors of the load and of a proxy that are not sessions'.</summary>
    private const int OtherDescriptors = 200;

    private const int MostDescriptors = 1_000_000;

    public static Command Create()
    {
        var only = new Option<string>("--only")
        {
            Description = "Scenarios whose name contains this: 'down', '16 flows', 'cipher'",
            DefaultValueFactory = _ => "",
        };
        var cipherRounds = new Option<int>("--cipher-rounds") { DefaultValueFactory = _ => 2, Hidden = true };
        var common = new StageOptions();
        var command = new Command("table", "The README's table of results, as Markdown.") { only, cipherRounds };
        common.AddTo(command);
        command.SetAction(parsed => common.Run(parsed, (comparison, surroundings) =>
        {
            var filter = parsed.GetRequiredValue(only);
            var results = new List<Result>();
            MarkdownReport.WriteHead(Console.Out, surroundings);
            foreach (var group in TablePlan.Groups(common.Telemt(parsed), MostSessions()).Where(group => Matches(group.Scenario.Name)))
            {
                var measured = comparison.Run(group.Scenario, group.Cases);
                results.AddRange(measured);
                Write(TableRows.Of(group, measured));
            }

            if (Matches("cipher"))
            {
                Write(CipherRows.Measure(parsed.GetValue(cipherRounds)));
            }

            return results;

            static void Write(IEnumerable<TableRow> rows)
            {
                foreach (var row in rows)
                {
                    MarkdownReport.WriteRow(Console.Out, row);
                }
            }

            bool Matches(string name) => name.Contains(filter, StringComparison.OrdinalIgnoreCase);
        }));
        return command;
    }

    /// <summary>Both ends are ours, so a session takes two descriptors here as it does in the proxy.</summary>
    private static int MostSessions() => (int)(Math.Min(HostLimits.Descriptors(), MostDescriptors) - OtherDescriptors) / 2;
}
