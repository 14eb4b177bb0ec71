namespace Telemt.Bench.Load.Targets;

/// <summary>How to start something that listens on one port and passes on to another.</summary>
/// <param name="Line">Words of the command line.</param>
/// <param name="Environment">On top of ours.</param>
internal sealed record TargetCommand(IReadOnlyList<string> Line, IReadOnlyDictionary<string, string>? Environment = null);
