namespace Telemt.Bench.Load.Targets;

/// <summary>HAProxy in TCP mode, all else at its defaults.</summary>
internal sealed class HaproxyTarget : Target
{
    public override string Name => "haproxy";

    public override bool IsProxy => false;

    public override TargetCommand Prepare(Place place)
    {
        var file = Path.Combine(place.Folder, "haproxy.cfg");
        File.WriteAllText(file, $"""
            global
                nbthread {place.Threads}
            defaults
                mode tcp
                timeout connect 10s
                timeout client 1h
                timeout server 1h
            frontend clients
                bind 127.0.0.1:{place.Port}
                default_backend telegram
            backend telegram
                server dc 127.0.0.1:{place.DcPort}

            """);
        return new TargetCommand(["haproxy", "-db", "-q", "-f", file]);
    }
}
