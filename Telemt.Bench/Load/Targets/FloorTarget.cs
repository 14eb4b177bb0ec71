namespace Telemt.Bench.Load.Targets;

/// <summary>The baselines: this program's own relay verb in a process of its own.</summary>
internal sealed class FloorTarget(bool splice) : Target
{
    public override string Name => splice ? "splice" : "floor";

    public override bool IsProxy => false;

    public override TargetCommand Prepare(Place place)
    {
        List<string> line = [.. Self(), "relay", "--listen", $"{place.Port}", "--to", $"{place.DcPort}"];
        return new TargetCommand(splice ? [.. line, "--splice"] : line);
    }

    /// <summary>How this very program was started: by its own executable, or by dotnet and a library.</summary>
    private static IEnumerable<string> Self()
    {
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet" ? [host, Environment.GetCommandLineArgs()[0]] : [host];
    }
}
