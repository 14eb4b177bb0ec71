using Telemt.Bench.Load.Scenarios;

namespace Telemt.Bench.Load.Table;

/// <summary>A scenario, the cases that take turns in it, and the rows that come of it.</summary>
internal sealed record TableGroup(Scenario Scenario, IReadOnlyList<Case> Cases, IReadOnlyList<Goal> Goals);
