namespace Telemt.Bench.Load.Table;

/// <summary>A row as text.</summary>
/// <param name="Cores">Of the target and of the generator.</param>
internal sealed record TableRow(string Measure, string Figure, string Reference, string Judged, string Demand, string Verdict, string Cores);
