using System.Net;
using Telemt.Core.Wire;

namespace Telemt.Worker.Import;

/// <summary>mtg's configuration, version 2: kebab-case keys, one secret that holds the domain.</summary>
internal static class MtgImport
{
    private const string OnlyUser = "mtg";

    public static void Read(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        ReadSecrets(root, file, notes);
        ReadListener(root, file, notes);
        file.Table("limits").Copy("max_connections", root.Take("concurrency"));
        if (root.Take("debug") is { Flag: true } debug)
        {
            file.Table("logging").Set("level", "debug", debug.Line);
        }

        ReadPreference(root.Take("prefer-ip"), file, notes);
        if (root.Take("allow-fallback-on-unknown-dc") is { Flag: { } fallback } unknown)
        {
            file.Root.Set("default_dc", fallback ? 2 : 0, unknown.Line);
        }

        ReadFronting(root, file);
        ReadNetwork(root, file, notes);
        ReadDefense(root, file);
        if (root.Table("stats") is { } stats)
        {
            foreach (var kind in (string[])["statsd", "prometheus"])
            {
                if (stats.Table(kind) is { } sink)
                {
                    sink.Skip([.. sink.Keys]);
                    if (sink.Take("enabled") is { Flag: true } on)
                    {
                        notes.Add(on.Line, $"stats.{kind}: figures are sent by OTLP here; set [telemetry] endpoint to a collector that gives them on");
                    }
                }
            }
        }
    }

    private static void ReadSecrets(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        if (root.Take("secret") is { } only)
        {
            ReadSecret(OnlyUser, only, file, notes);
        }

        foreach (var (name, secret) in root.Map("secrets"))
        {
            ReadSecret(name, secret, file, notes);
        }
    }

    private static void ReadSecret(string name, ForeignValue value, ImportedFile file, ImportNotes notes)
    {
        if (!SecretText.TryParse(value.Text, out var secret, out var problem))
        {
            notes.Add(value.Line, $"{value.Path} is left out: {problem}");
            return;
        }

        file.AddUser(name, SecretText.ToHex(ClientSecret.Classic(secret.Key)), value.Line);
        if (secret.Domain.Length == 0)
        {
            return;
        }

        if (!file.Root.Has("tls_domain"))
        {
            file.Root.Set("tls_domain", secret.Domain, value.Line);
        }
        else if (file.Root.Keys.Single(key => key.Key == "tls_domain").Value.Text != $"\"{secret.Domain}\"")
        {
            notes.Add(value.Line, $"{value.Path} has a domain of its own: add it to tls_domains, so that its links go on working");
        }
    }

    private static void ReadListener(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        var proxied = root.Take("proxy-protocol-listener");
        if (root.Take("bind-to") is not { Text: { } bind } value)
        {
            return;
        }

        if (!IPEndPoint.TryParse(bind.StartsWith(':') ? $"0.0.0.0{bind}" : bind, out var place) || place.Port == 0)
        {
            notes.Add(value.Line, "bind-to is left out: it is no address with a port");
            return;
        }

        file.Root.Set("port", place.Port, value.Line);
        if (!place.Address.Equals(IPAddress.Any) || proxied?.Flag == true)
        {
            var listener = file.Item("listeners");
            listener.Set("ip", place.Address.ToString(), value.Line);
            ImportedListeners.TakeProxyHeader(listener, proxied, null, notes);
        }
    }

    private static void ReadPreference(ForeignValue? value, ImportedFile file, ImportNotes notes)
    {
        switch (value?.Text)
        {
            case "prefer-ipv6":
                file.Root.Set("prefer_ipv6", true, value.Line);
                break;
            case "only-ipv4":
                var direct = file.Item("upstreams");
                direct.Set("type", "direct", value.Line);
                direct.Set("ipv6", false, value.Line);
                break;
            case "only-ipv6":
                file.Root.Set("prefer_ipv6", true, value.Line);
                notes.Add(value.Line, "prefer-ip: IPv6 goes first, but IPv4 stays for when it fails");
                break;
        }
    }

    private static void ReadFronting(ForeignTable root, ImportedFile file)
    {
        var fronting = root.Table("domain-fronting");
        file.Root.Copy("mask_port", root.Take("cloak-port"));
        file.Root.Copy("mask_port", root.Take("domain-fronting-port"));
        file.Root.Copy("mask_port", fronting?.Take("port"));
        file.Root.Copy("mask_host", root.Take("domain-fronting-ip"));
        file.Root.Copy("mask_host", fronting?.Take("ip"));
        file.Root.Copy("mask_host", fronting?.Take("host"));
        if ((fronting?.Take("proxy-protocol") ?? root.Take("domain-fronting-proxy-protocol")) is { Flag: true } header)
        {
            file.Table("fronting").Set("proxy_protocol", 2, header.Line);
        }
    }

    private static void ReadNetwork(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        var network = root.Table("network");
        var addresses = network?.Table("public-ip");
        foreach (var value in new[]
        {
            addresses?.Take("ipv6"), root.Take("public-ipv6"), addresses?.Take("ipv4"), root.Take("public-ipv4"),
        })
        {
            if (value?.Text is { Length: > 0 } address)
            {
                file.Root.Set("public_ip", address, value.Line);
            }
        }

        var timeouts = network?.Table("timeout");
        foreach (var (foreign, own) in ((string, string)[])[("tcp", "connect"), ("idle", "idle"), ("handshake", "handshake")])
        {
            if (timeouts?.Take(foreign) is { } value)
            {
                file.Table("timeouts").Set(own, ForeignDuration.Seconds(value.Text), value.Line);
            }
        }

        // Its own look-ups by other resolvers; ours go by the host's.
        timeouts?.Skip("http");
        if (network?.Take("proxies") is { Texts: { } proxies } list)
        {
            foreach (var proxy in proxies)
            {
                ReadProxy(proxy, list.Line, file, notes);
            }
        }
    }

    /// <summary>socks5://user:password@host:port?...; an empty one is the direct way.</summary>
    private static void ReadProxy(string text, int line, ImportedFile file, ImportNotes notes)
    {
        if (text.Length == 0)
        {
            file.Item("upstreams").Set("type", "direct", line);
            return;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("socks5" or "socks5h") || uri.Port < 1)
        {
            notes.Add(line, "a proxy of network.proxies is left out: it is no socks5://host:port");
            return;
        }

        var upstream = file.Item("upstreams");
        upstream.Set("type", "socks5", line);
        upstream.Set("address", $"{uri.Host}:{uri.Port}", line);
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
        {
            upstream.Set("username", Uri.UnescapeDataString(user), line);
            upstream.Set("password", Uri.UnescapeDataString(password), line);
        }
    }

    private static void ReadDefense(ForeignTable root, ImportedFile file)
    {
        var time = root.Table("defense")?.Table("time");
        foreach (var value in new[] { root.Take("tolerate-time-skewness"), time?.Take("allow-skewness") })
        {
            if (value is not null)
            {
                file.Table("replay").Set("time_skew", ForeignDuration.Seconds(value.Text), value.Line);
            }
        }

        if (time?.Take("enabled") is { Flag: false } off)
        {
            file.Table("replay").Set("ignore_time_skew", true, off.Line);
        }
    }
}
