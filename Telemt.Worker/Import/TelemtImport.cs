using System.Net;
using Telemt.Worker.Configuration.Toml;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Import;

/// <summary>The nested telemt.toml of the Rust server: [general], [server], [timeouts], [censorship], [access].</summary>
internal static class TelemtImport
{
    private const string DefaultDomain = "petrovich.ru";

    public static void Read(ForeignTable root, ImportedFile file, ImportNotes notes)
    {
        file.Root.Copy("show_links", root.Take("show_link"));
        file.Root.Copy("show_links", root.Take("show_links"));
        file.Root.Copy("default_dc", root.Take("default_dc"));
        ReadServer(root.Table("server"), file, notes);
        ReadCensorship(root.Table("censorship"), file);
        ReadAccess(root.Table("access"), file, notes);
        ReadGeneral(root.Table("general"), file, notes);
        if (root.Table("network")?.Take("prefer") is { } prefer)
        {
            file.Root.Set("prefer_ipv6", prefer.Number == 6, prefer.Line);
        }

        ReadTimeouts(root.Table("timeouts"), file);
        foreach (var (dc, value) in root.Map("dc_overrides"))
        {
            file.Table("dc_overrides").Copy(dc, value);
        }

        foreach (var upstream in root.Tables("upstreams"))
        {
            ReadUpstream(upstream, file, notes);
        }

        if (!file.Root.Has("tls_domain"))
        {
            file.Root.Set("tls_domain", DefaultDomain, 0);
            notes.Add(0, $"names no censorship.tls_domain; the links there have {DefaultDomain}, and so do these");
        }
    }

    private static void ReadGeneral(ForeignTable? general, ImportedFile file, ImportNotes notes)
    {
        if (general is null)
        {
            return;
        }

        file.Root.Copy("fast_mode", general.Take("fast_mode"));
        file.Root.Copy("prefer_ipv6", general.Take("prefer_ipv6"));
        file.Root.Copy("ad_tag", general.Take("ad_tag"));
        if (general.Take("use_middle_proxy") is { } middle)
        {
            if (middle.Flag == true && !file.HasTag)
            {
                notes.Add(middle.Line, "general.use_middle_proxy is not taken over: without an ad_tag sessions go to the data centres directly");
            }
            else if (middle.Flag == false && file.HasTag)
            {
                file.Table("middle_proxy").Set("enabled", false, middle.Line);
            }
        }

        file.Table("middle_proxy").Copy("refresh", general.Take("update_every"));
        if (general.Take("middle_proxy_nat_ip") is { Text: { } address } nat && IPAddress.TryParse(address, out _))
        {
            file.Root.Set("public_ip", address, nat.Line);
        }

        if (general.Take("log_level") is { Text: { } level } log)
        {
            file.Table("logging").Set("level", level switch { "debug" => "trace", "verbose" => "debug", "silent" => "warn", _ => "info" }, log.Line);
        }

        foreach (var mode in (string[])["classic", "secure", "tls"])
        {
            file.Table("modes").Copy(mode, general.Table("modes")?.Take(mode));
        }

        if (general.Table("links") is { } links)
        {
            if (links.Take("show") is { } show)
            {
                file.Root.Set("show_links", TomlLiteral.Of(show.Texts ?? []), show.Line);
            }

            if (links.Take("public_host") is { Text: { } host } publicHost)
            {
                ImportedListeners.Announce(file, host, publicHost.Line);
            }
        }
    }

    private static void ReadServer(ForeignTable? server, ImportedFile file, ImportNotes notes)
    {
        if (server is null)
        {
            return;
        }

        file.Root.Copy("port", server.Take("port"));
        file.Table("limits").Copy("max_connections", server.Take("max_connections"));
        var proxied = server.Take("proxy_protocol");
        var trusted = server.Take("proxy_protocol_trusted_cidrs")?.Texts;
        var addresses = new[] { server.Take("listen_addr_ipv4"), server.Take("listen_addr_ipv6"), server.Take("listen_unix_sock") };
        foreach (var table in server.Tables("listeners"))
        {
            var listener = file.Item("listeners");
            foreach (var key in (string[])["ip", "port", "announce", "announce_ip"])
            {
                listener.Copy(key, table.Take(key));
            }

            ImportedListeners.TakeProxyHeader(listener, table.Take("proxy_protocol") ?? proxied, trusted, notes);
        }

        if (!file.HasAny("listeners"))
        {
            foreach (var address in addresses.OfType<ForeignValue>().Where(address => address.Text is { Length: > 0 }))
            {
                var listener = file.Item("listeners");
                listener.Copy("ip", address);
                ImportedListeners.TakeProxyHeader(listener, proxied, trusted, notes);
            }
        }

        ReadApi(server.Table("api"), file, notes);
    }

    private static void ReadApi(ForeignTable? api, ImportedFile file, ImportNotes notes)
    {
        if (api is null)
        {
            return;
        }

        var control = file.Table("control");
        control.Copy("enabled", api.Take("enabled"));
        control.Copy("read_only", api.Take("read_only"));
        control.Copy("allow", api.Take("whitelist"));
        var header = api.Take("auth_header");
        if (header?.Text is { Length: > 0 } text)
        {
            control.Set("token", text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? text[7..] : text, header.Line);
        }

        if (api.Take("listen") is { Text: { } listen } at)
        {
            if (control.Has("token") || (IPEndPoint.TryParse(listen, out var place) && IPAddress.IsLoopback(place.Address)))
            {
                control.Copy("listen", at);
            }
            else
            {
                notes.Add(at.Line, "server.api.listen is not taken over: beyond 127.0.0.1 the page needs control.token, and better a certificate");
            }
        }
    }

    private static void ReadTimeouts(ForeignTable? timeouts, ImportedFile file)
    {
        if (timeouts is null)
        {
            return;
        }

        file.Table("timeouts").Copy("first_byte", timeouts.Take("client_first_byte_idle_secs"));
        file.Table("timeouts").Copy("handshake", timeouts.Take("client_handshake"));
        file.Table("timeouts").Copy("connect", timeouts.Take("tg_connect"));
        file.Root.Copy("client_keepalive", timeouts.Take("client_keepalive"));
        file.Root.Copy("client_ack_timeout", timeouts.Take("client_ack"));
    }

    private static void ReadCensorship(ForeignTable? mask, ImportedFile file)
    {
        if (mask is null)
        {
            return;
        }

        foreach (var key in (string[])["tls_domain", "tls_domains", "mask", "mask_host", "mask_port"])
        {
            file.Root.Copy(key, mask.Take(key));
        }

        file.Root.Copy("mask_host", mask.Take("mask_unix_sock"));
        file.Table("fronting").Copy("proxy_protocol", mask.Take("mask_proxy_protocol"));
        if (mask.Take("tls_emulation") is { Flag: false } off)
        {
            file.Table("fronting").Set("profile", "default", off.Line);
        }

        if (mask.Take("unknown_sni_action") is { } unknown)
        {
            file.Table("fronting").Set("unknown_sni", unknown.Text is "drop" or "accept" ? unknown.Text : "mask", unknown.Line);
        }
    }

    private static void ReadAccess(ForeignTable? access, ImportedFile file, ImportNotes notes)
    {
        if (access is null)
        {
            return;
        }

        foreach (var (name, secret) in access.Map("users"))
        {
            file.AddUser(name, secret.Text ?? "", secret.Line);
        }

        foreach (var (foreign, own) in ((string, string)[])
            [("user_enabled", "enabled"), ("user_ad_tags", "ad_tag"), ("user_max_tcp_conns", "max_connections"),
            ("user_max_unique_ips", "max_ips"), ("user_expirations", "expires"), ("user_data_quota", "quota")])
        {
            foreach (var (name, value) in access.Map(foreign))
            {
                OfUser(name, value)?.Copy(own, value);
                if (own == "quota")
                {
                    // There the counter is never set back.
                    OfUser(name, value)?.Set("quota_period", "total", value.Line);
                }
            }
        }

        foreach (var (name, value) in access.Map("user_rate_limits"))
        {
            ReadRate(OfUser(name, value), value, notes);
        }

        foreach (var (name, value) in access.Map("user_source_deny"))
        {
            var policy = file.Item("policies");
            policy.Set("users", TomlLiteral.Of([name]), value.Line);
            policy.Set("sources", TomlLiteral.Of(value.Texts ?? []), value.Line);
            policy.Set("allow", false, value.Line);
        }

        file.Table("defaults").Copy("max_connections", access.Take("user_max_tcp_conns_global_each"));
        file.Table("defaults").Copy("max_ips", access.Take("user_max_unique_ips_global_each"));
        file.Table("defaults").Copy("ip_window", access.Take("user_max_unique_ips_window_secs"));
        file.Table("replay").Copy("capacity", access.Take("replay_check_len"));
        file.Table("replay").Copy("ignore_time_skew", access.Take("ignore_time_skew"));

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

    /// <summary>Bits a second for each direction; here one figure of bytes holds for both.</summary>
    private static void ReadRate(ImportedTable? user, ForeignValue value, ImportNotes notes)
    {
        if (user is null || value.Node is not TomlTable table)
        {
            return;
        }

        var rates = table.Entries.Where(entry => entry.Key is "up_bps" or "down_bps")
            .Select(entry => entry.Value is TomlValue { Value: long bits } ? bits : 0)
            .Where(bits => bits > 0)
            .ToList();
        if (rates.Count == 0)
        {
            return;
        }

        if (rates.Count == 1 || rates.Min() != rates.Max())
        {
            notes.Add(value.Line, $"{value.Path}: one rate holds for each direction here; the larger one is taken");
        }

        user.Set("rate", $"{Math.Max(1, rates.Max() / 8)}/s", value.Line);
    }

    private static void ReadUpstream(ForeignTable table, ImportedFile file, ImportNotes notes)
    {
        var type = table.Take("type");
        if (type?.Text is not ("direct" or "socks4" or "socks5"))
        {
            notes.Add(table.Line, $"this upstream is left out: {TomlKey.Show(type?.Text ?? "no type")} is no way of this build; direct, socks4 and socks5 are");
            table.Skip([.. table.Keys]);
            return;
        }

        var upstream = file.Item("upstreams");
        upstream.Copy("type", type);
        foreach (var key in (string[])["address", "username", "password", "user_id", "weight", "enabled"])
        {
            upstream.Copy(key, table.Take(key));
        }

        upstream.Copy("interface", table.Take("interface"));
        upstream.Copy("interface", table.Take("bind_addresses") is { Texts: { IsEmpty: false } } several ? several : null);
        if (table.Take("scopes") is { Text: not ("" or "*") } scopes)
        {
            notes.NoCounterpart(scopes.Line, scopes.Path);
        }
    }
}
