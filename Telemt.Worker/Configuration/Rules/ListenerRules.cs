using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Where we listen.</summary>
internal static class ListenerRules
{
    public static void Check(TelemtOptions options, ProblemList problems)
    {
        var targets = ListenerTarget.All(options);
        var seen = new Dictionary<(string, int, string?), ListenerTarget>();
        foreach (var target in targets.Where(target => target.Bind is not null))
        {
            // A unix socket has no port, and two listeners on one path are one too many whatever their ports say.
            var isUnix = target.Bind!.UnixPath is not null;
            if (!seen.TryAdd((target.Bind.ToString(), isUnix ? 0 : target.Port, isUnix ? null : target.Device), target))
            {
                var place = isUnix ? target.Bind.ToString() : HostText.WithPort(target.Bind.Address!, target.Port);
                problems.Error(target.Table.Origin, "listeners", $"{place} is listened on twice", "remove one, or give it another ip or port");
            }
        }

        foreach (var table in options.Tables(ConfigurationSchema.Listeners))
        {
            CheckTable(table, problems);
        }
    }

    private static void CheckTable(OptionTable table, ProblemList problems)
    {
        if (table.Lacks(ListenerKeys.Ip))
        {
            problems.Error(table.Origin, table.PathOf(ListenerKeys.Ip), "is missing", "add ip = \"0.0.0.0\" for all of IPv4, or ip = \"::\" for all of IPv6");
        }

        var trusted = table.Get(ListenerKeys.Trusted);
        var isUnix = table.Get(ListenerKeys.Ip)?.UnixPath is not null;
        if (table.Get(ListenerKeys.ProxyProtocol) && !isUnix && trusted.IsEmpty && table.Lacks(ListenerKeys.Trusted))
        {
            problems.Error(
                table.OriginOf(ListenerKeys.ProxyProtocol),
                table.PathOf(ListenerKeys.ProxyProtocol),
                "is on for nobody: who may send the header is not said",
                "add trusted = [\"10.0.0.0/8\"] with the networks of your balancer");
        }

        if (isUnix && !trusted.IsEmpty)
        {
            problems.Warning(
                table.OriginOf(ListenerKeys.Trusted),
                table.PathOf(ListenerKeys.Trusted),
                "has no effect on a unix socket: its permissions say who may connect",
                "remove it");
        }
        else if (!table.Get(ListenerKeys.ProxyProtocol) && !trusted.IsEmpty)
        {
            problems.Warning(
                table.OriginOf(ListenerKeys.Trusted),
                table.PathOf(ListenerKeys.Trusted),
                "has no effect without the PROXY protocol",
                "add proxy_protocol = true, or remove it");
        }

        if (table.Get(ListenerKeys.Interface) is not null && isUnix)
        {
            problems.Error(
                table.OriginOf(ListenerKeys.Interface), table.PathOf(ListenerKeys.Interface), "cannot bind a unix socket to a device", "remove it");
        }
    }
}
