using System.Collections.Immutable;

namespace Telemt.Worker.Logging;

/// <summary>What [logging] says of level and form.</summary>
/// <param name="Level">One of <see cref="LogLevelText.Known"/>.</param>
/// <param name="Levels">Level by category (<see cref="LogCategory"/>).</param>
/// <param name="Format">"auto", "systemd", "plain" or "json".</param>
internal sealed record LogPlan(string Level, ImmutableArray<KeyValuePair<string, string>> Levels, string Format)
{
    public static readonly LogPlan Default = new("info", [], "auto");
}
