using Telemt.Bench.Load.Targets;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>One run.</summary>
/// <param name="Values">In the order of the scenario's metrics.</param>
internal sealed record Sample(Usage Usage, IReadOnlyList<double> Values);
