using Telemt.Bench.Load.Table;

namespace Telemt.Bench.Load.Report;

/// <summary>The README's table.</summary>
internal static class MarkdownReport
{
    public static void WriteHead(TextWriter output, Surroundings surroundings)
    {
        output.WriteLine($"{surroundings}.");
        output.WriteLine("Medians (ranges) of interleaved runs. Cores: target/generator, of ours and of what it is compared with.");
        output.WriteLine();
        output.WriteLine("| measure | Telemt | compared with | | demanded | | cores |");
        output.WriteLine("|---|---|---|---|---|---|---|");
    }

    public static void WriteRow(TextWriter output, TableRow row) =>
        output.WriteLine($"| {row.Measure} | {row.Figure} | {row.Reference} | {row.Judged} | {row.Demand} | {row.Verdict} | {row.Cores} |");
}
