using System.Globalization;

namespace Telemt.Worker.Import;

/// <summary>mtprotoproxy's config.py: names in capitals.</summary>
internal static class MtprotoproxyImport
{
    private const int DefaultPort = 3256;
    private const string DefaultDomain = "www.google.com";

    /// <summary>Figures of its own works that nobody misses here.</summary>
    private static readonly string[] Inner =
        ["TO_CLT_BUFSIZE", "TO_TG_BUFSIZE", "CLIENT_IPS_LEN", "STATS_PRINT_PERIOD", "GET_TIME_PERIOD", "GET_CERT_LEN_PERIOD"];

    public static void Read(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        file.Root.Set("port", DefaultPort, 0);
        file.Root.Copy("port", root.Take("PORT"));
        file.Root.Set("tls_domain", DefaultDomain, 0);
        file.Root.Copy("tls_domain", root.Take("TLS_DOMAIN"));
        file.Root.Copy("mask", root.Take("MASK"));
        file.Root.Copy("mask_host", root.Take("MASK_HOST"));
        file.Root.Copy("mask_port", root.Take("MASK_PORT"));
        file.Root.Copy("prefer_ipv6", root.Take("PREFER_IPV6"));
        file.Root.Copy("fast_mode", root.Take("FAST_MODE"));
        file.Root.Copy("client_keepalive", root.Take("CLIENT_KEEPALIVE"));
        file.Root.Copy("client_ack_timeout", root.Take("CLIENT_ACK_TIMEOUT"));
        file.Root.Copy("ad_tag", root.Take("AD_TAG") is { Text.Length: > 0 } tag ? tag : null);
        file.Table("timeouts").Copy("handshake", root.Take("CLIENT_HANDSHAKE_TIMEOUT"));
        file.Table("timeouts").Copy("connect", root.Take("TG_CONNECT_TIMEOUT"));
        ReadModes(root, file);
        ReadUsers(root, file, notes);
        ReadListeners(root, file, notes);
        ReadUpstream(root, file, notes);
        if (root.Take("USE_MIDDLE_PROXY") is { Flag: false } off && file.HasTag)
        {
            file.Table("middle_proxy").Set("enabled", false, off.Line);
        }

        file.Table("middle_proxy").Copy("refresh", root.Take("PROXY_INFO_UPDATE_PERIOD"));
        file.Table("replay").Copy("capacity", root.Take("REPLAY_CHECK_LEN") is { Number: > 0 } length ? length : null);
        file.Table("replay").Copy("ignore_time_skew", root.Take("IGNORE_TIME_SKEW"));
        root.Skip(Inner);
    }

    /// <summary>Without MODES all are on there; the two older names go on top.</summary>
    private static void ReadModes(ForeignTable root, ImportedFile file)
    {
        var modes = root.Table("MODES");
        var line = root.Take("MODES")?.Line ?? 0;
        var (classic, secure, tls) = modes is null
            ? (true, true, true)
            : (modes.Take("classic")?.Flag ?? false, modes.Take("secure")?.Flag ?? false, modes.Take("tls")?.Flag ?? false);
        if (root.Take("SECURE_ONLY") is { Flag: { } secureOnly })
        {
            classic = !secureOnly;
        }

        if (root.Take("TLS_ONLY") is { Flag: true })
        {
            (classic, secure) = (false, false);
        }

        file.Table("modes").Set("classic", classic, line);
        file.Table("modes").Set("secure", secure, line);
        file.Table("modes").Set("tls", tls || !(classic || secure), line);
    }

    private static void ReadUsers(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        foreach (var (name, secret) in root.Map("USERS"))
        {
            file.AddUser(name, secret.Text ?? "", secret.Line);
        }

        foreach (var (name, value) in root.Map("USER_MAX_TCP_CONNS"))
        {
            OfUser(name, value)?.Copy("max_connections", value);
        }

        foreach (var (name, value) in root.Map("USER_DATA_QUOTA"))
        {
            // There the counter lasts as long as the process.
            OfUser(name, value)?.Copy("quota", value);
            OfUser(name, value)?.Set("quota_period", "total", value.Line);
        }

        foreach (var (name, value) in root.Map("USER_EXPIRATIONS"))
        {
            // The user is out as soon as the day begins.
            if (DateTime.TryParseExact(value.Text, "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day))
            {
                OfUser(name, value)?.Set("expires", Configuration.Toml.Editing.TomlLiteral.Of(new DateTimeOffset(day)), value.Line);
            }
            else
            {
                notes.Add(value.Line, $"{value.Path} is left out: it is no day such as 31/12/2036");
            }
        }

        ImportedTable? OfUser(string name, ForeignValue value)
        {
            if (file.User(name) is { } user)
            {
                return user;
            }

            notes.Add(value.Line, $"{value.Path} is of nobody: there is no such user");
            return null;
        }
    }

    private static void ReadListeners(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        var proxied = root.Take("PROXY_PROTOCOL");
        var addresses = new[] { root.Take("LISTEN_ADDR_IPV4"), root.Take("LISTEN_ADDR_IPV6"), root.Take("LISTEN_UNIX_SOCK") }
            .OfType<ForeignValue>()
            .Where(address => address.Text is { Length: > 0 })
            .ToList();
        foreach (var address in addresses)
        {
            ImportedListeners.TakeProxyHeader(Listener(address.Text!, address.Line), proxied, null, notes);
        }

        if (addresses.Count == 0 && proxied?.Flag == true)
        {
            ImportedListeners.TakeProxyHeader(Listener("0.0.0.0", proxied.Line), proxied, null, notes);
            ImportedListeners.TakeProxyHeader(Listener("::", proxied.Line), proxied, ["::1/128", "fc00::/7"], notes);
        }

        if (root.Take("MY_DOMAIN") is { Text: { Length: > 0 } domain } own)
        {
            ImportedListeners.Announce(file, domain, own.Line);
        }

        ImportedTable Listener(string ip, int line)
        {
            var listener = file.Item("listeners");
            listener.Set("ip", ip, line);
            return listener;
        }
    }

    private static void ReadUpstream(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        var (host, port, user, password) = (root.Take("SOCKS5_HOST"), root.Take("SOCKS5_PORT"), root.Take("SOCKS5_USER"), root.Take("SOCKS5_PASS"));
        if (host?.Text is not { Length: > 0 } name || port?.Number is not { } number)
        {
            return;
        }

        var upstream = file.Item("upstreams");
        upstream.Set("type", "socks5", host.Line);
        upstream.Set("address", name.Contains(':') ? $"[{name}]:{number}" : $"{name}:{number}", host.Line);
        upstream.Copy("username", user);
        upstream.Copy("password", password);
        if (file.HasTag)
        {
            notes.Add(host.Line, "with SOCKS5_HOST ad tags did nothing there; here they go by the SOCKS server too");
        }
    }
}
