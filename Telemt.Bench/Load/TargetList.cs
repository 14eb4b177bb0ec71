using Telemt.Bench.Load.Scenarios;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load;

/// <summary>The targets that a command line names.</summary>
internal sealed class TargetList(string telemt)
{
    private const int ManyUsers = 10_000;

    private readonly List<Target> _targets = [];

    public TargetList Add(IEnumerable<string> names)
    {
        _targets.AddRange(names.Select(Named));
        return this;
    }

    /// <param name="commands">Each NAME=COMMAND.</param>
    public TargetList AddCommands(IEnumerable<string> commands, bool isProxy)
    {
        foreach (var command in commands)
        {
            var parts = command.Split('=', 2);
            _targets.Add(parts.Length == 2
                ? new CommandTarget(parts[0], parts[1], isProxy)
                : throw new ArgumentException($"'{command}' is not NAME=COMMAND"));
        }

        return this;
    }

    /// <summary>Proxies in each of the modes, relays once.</summary>
    public IReadOnlyList<Case> Cases(IReadOnlyList<LoadMode> modes) =>
    [
        .. _targets.SelectMany(target => target.IsProxy
            ? modes.Select(mode => new Case(target, mode))
            : [new Case(target, LoadMode.Plain)]),
    ];

    private Target Named(string name) => name switch
    {
        "telemt" => new TelemtTarget(telemt, fastMode: true),
        "telemt-users" => new TelemtTarget(telemt, fastMode: true, ManyUsers),
        "telemt-slow" => new TelemtTarget(telemt, fastMode: false),
        "floor" => new FloorTarget(splice: false),
        "splice" => new FloorTarget(splice: true),
        "haproxy" => new HaproxyTarget(),
        _ => throw new ArgumentException($"no target is called {name}"),
    };
}
