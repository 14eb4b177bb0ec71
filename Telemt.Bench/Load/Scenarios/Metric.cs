namespace Telemt.Bench.Load.Scenarios;

/// <param name="Format">Of its numbers, as in ToString.</param>
internal sealed record Metric(string Name, string Unit, string Format);
