using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Telemt.Core.Wire;

namespace Telemt.Core.Status;

/// <summary>What a person opens to use a proxy (PROTOCOL A, links): a server and one secret of one of its users.</summary>
/// <param name="Server">Host name, IPv4 or IPv6 text without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record ProxyLink(string Server, int Port, ClientSecret Secret)
{
    private static readonly string[] WebHosts = ["t.me", "telegram.me", "telegram.dog"];

    /// <summary>Opens the application at once.</summary>
    public string ToTg() => "tg://proxy?" + Query;

    /// <summary>Opens in a browser, which hands it to the application.</summary>
    public string ToHttps() => "https://t.me/proxy?" + Query;

    private string Query => string.Create(
        CultureInfo.InvariantCulture,
        $"server={Uri.EscapeDataString(Server)}&port={Port}&secret={SecretText.ToHex(Secret)}");

    /// <summary>Hides the secret: the text of a link is <see cref="ToTg"/> or <see cref="ToHttps"/>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Server}:{Port} {Secret}");

    /// <summary>
    /// Reads any form: tg://proxy, tg:proxy, http or https or no scheme before t.me and its other names; the parameters in any order,
    /// percent-encoded or not. A '+' stays one: it occurs in base64 and means no space in any parameter of ours.
    /// </summary>
    /// <param name="problem">What is wrong with it, for the person who typed it; holds no secret.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ProxyLink? link,
        [NotNullWhen(false)] out string? problem)
    {
        link = null;
        if (text.Length > 4096)
        {
            problem = "too long for a link";
            return false;
        }

        if (!TryFindQuery(text.Trim(), out var query))
        {
            problem = "not a link of the form tg://proxy?server=...&port=...&secret=... or https://t.me/proxy?...";
            return false;
        }

        string? server = null, port = null, secret = null;
        foreach (var pair in query.Split('&'))
        {
            var equals = pair.IndexOf('=');
            var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            switch (equals < 0 ? pair : pair[..equals])
            {
                case "server":
                    server ??= value;
                    break;
                case "port":
                    port ??= value;
                    break;
                case "secret":
                    secret ??= value;
                    break;
            }
        }

        return TryBuild(server, port, secret, out link, out problem);
    }

    private static bool TryBuild(
        string? server,
        string? port,
        string? secretText,
        [NotNullWhen(true)] out ProxyLink? link,
        [NotNullWhen(false)] out string? problem)
    {
        link = null;
        if (server is ['[', .. var inner, ']'])
        {
            server = inner;
        }

        if (!IsHost(server))
        {
            problem = "server= names no host";
            return false;
        }

        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            problem = "port= is not a number from 1 to 65535";
            return false;
        }

        if (!SecretText.TryParse(secretText, out var secret, out problem))
        {
            problem = "secret=: " + problem;
            return false;
        }

        link = new ProxyLink(server, number, secret);
        return true;
    }

    private static bool TryFindQuery(string text, out string query)
    {
        query = "";
        var mark = text.IndexOf('?');
        if (mark < 0)
        {
            return false;
        }

        var fragment = text.IndexOf('#', mark);
        query = fragment < 0 ? text[(mark + 1)..] : text[(mark + 1)..fragment];
        var path = text[..mark].TrimEnd('/');
        if (Same(path, "tg://proxy") || Same(path, "tg:proxy"))
        {
            return true;
        }

        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && !Same(path[..scheme], "https") && !Same(path[..scheme], "http"))
        {
            return false;
        }

        var rest = scheme < 0 ? path : path[(scheme + 3)..];
        rest = rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? rest[4..] : rest;
        return WebHosts.Any(host => Same(rest, host + "/proxy"));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>A loose check, for typing errors; the resolver has the last word.</summary>
    private static bool IsHost([NotNullWhen(true)] string? server) =>
        server is { Length: > 0 and <= 255 } && !server.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || "/?#@&[]%\\".Contains(c));
}
