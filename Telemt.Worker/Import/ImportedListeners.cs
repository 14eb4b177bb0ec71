using System.Collections.Immutable;
using System.Net;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Import;

/// <summary>What the three kinds have in common about listening and links.</summary>
internal static class ImportedListeners
{
    /// <summary>Where a balancer usually is.</summary>
    private static readonly ImmutableArray<string> PrivateNetworks =
        ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"];

    /// <summary>Clients come with a PROXY header; the others took one from anybody.</summary>
    public static void TakeProxyHeader(ImportedTable listener, ForeignValue? flag, ImmutableArray<string>? trusted, ImportNotes notes)
    {
        if (flag?.Flag != true)
        {
            return;
        }

        listener.Set("proxy_protocol", true, flag.Line);
        if (trusted is not { IsEmpty: false })
        {
            notes.Add(flag.Line, $"{flag.Path} trusted everybody; `trusted` of the listener now names private networks only: put your balancer's there");
        }

        listener.Set("trusted", TomlLiteral.Of(trusted is { IsEmpty: false } given ? given : PrivateNetworks), flag.Line);
    }

    /// <summary>The host that links name.</summary>
    public static void Announce(ImportedFile file, string host, int line)
    {
        if (!file.HasAny("listeners"))
        {
            file.Item("listeners").Set("ip", "0.0.0.0", line);
            file.Item("listeners").Set("ip", "::", line);
        }

        foreach (var listener in file.All("listeners").Where(listener => !listener.Has("announce") && !listener.Has("announce_ip")))
        {
            listener.Set(IPAddress.TryParse(host, out _) ? "announce_ip" : "announce", host, line);
        }
    }
}
