using System.Net;
using System.Net.Sockets;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>A place where we will listen, for rules that compare places.</summary>
/// <param name="Bind">Null for an address that could not be read.</param>
internal sealed record ListenerTarget(OptionTable Table, BindTarget? Bind, int Port, string? Device)
{
    /// <summary>The listeners of the file, or those that stand in for them.</summary>
    public static IReadOnlyList<ListenerTarget> All(TelemtOptions options)
    {
        var port = options.Root.Get(RootKeys.Port);
        var tables = options.Tables(ConfigurationSchema.Listeners);
        return tables.IsEmpty
            ? [Default(IPAddress.Any), Default(IPAddress.IPv6Any)]
            : [.. tables.Select(table => new ListenerTarget(
                table,
                table.Get(ListenerKeys.Ip),
                table.Get(ListenerKeys.Port) ?? port,
                table.Get(ListenerKeys.Interface)))];

        ListenerTarget Default(IPAddress address) => new(options.Root, new BindTarget(address, null), port, null);
    }

    /// <summary>True when a connection to the address and port, made on this host, arrives here.</summary>
    public bool Takes(IPAddress address, int port)
        => port == Port && Bind?.Address is { } own && (own.Equals(address) || (IsAny(own) && own.AddressFamily == address.AddressFamily));

    public static bool IsAny(IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetwork ? address.Equals(IPAddress.Any) : address.Equals(IPAddress.IPv6Any);
}
