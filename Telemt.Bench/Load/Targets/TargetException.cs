namespace Telemt.Bench.Load.Targets;

/// <summary>A target does not do what a measurement needs.</summary>
internal sealed class TargetException(string message) : Exception(message);
