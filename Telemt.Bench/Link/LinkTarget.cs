using Telemt.Bench.Load.Targets;

namespace Telemt.Bench.Link;

/// <summary>Our own build with three users, at the end of a link instead of on loopback.</summary>
/// <param name="rate">[limits] rate in bytes per second; 0 for none.</param>
internal sealed class LinkTarget(string executable, long rate) : Target
{
    public const int UserCount = 3;

    private readonly TelemtTarget _plain = new(executable, fastMode: true, UserCount);

    public override string Name => rate == 0 ? "telemt" : "telemt with a rate";

    public override bool IsProxy => true;

    public override int Users => UserCount;

    public override TargetCommand Prepare(Place place)
    {
        var command = _plain.Prepare(place);
        var file = Path.Combine(place.Folder, "telemt.toml");
        var text = File.ReadAllText(file).Replace("ip = \"127.0.0.1\"", $"ip = \"{LinkNetwork.ProxyAddress}\"", StringComparison.Ordinal);
        File.WriteAllText(file, rate == 0 ? text : text.Replace("[limits]", $"[limits]\nrate = {rate}", StringComparison.Ordinal));
        return command;
    }
}
