using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>The ways to Telegram: upstreams, their groups, DC addresses, policies.</summary>
internal static class RouteRules
{
    /// <summary>DCs that have addresses without the operator's doing (PROTOCOL E).</summary>
    private static readonly int[] BuiltInDcs = [1, 2, 3, 4, 5, 203, 10001, 10002, 10003];

    /// <summary>The length of each is one byte (RFC 1929).</summary>
    private const int MaxLoginBytes = 255;

    public static void Check(TelemtOptions options, ProblemList problems)
    {
        CheckUpstreams(options, problems);
        CheckGroups(options, problems);
        CheckDefaultGroup(options, problems);
        CheckDcs(options, problems);
        CheckPolicies(options, problems);
    }

    private static void CheckUpstreams(TelemtOptions options, ProblemList problems)
    {
        var upstreams = options.Tables(ConfigurationSchema.Upstreams);
        if (!upstreams.IsEmpty && !upstreams.Any(upstream => upstream.Get(UpstreamKeys.Enabled)))
        {
            problems.Error(upstreams[0].Origin, "upstreams", "all are disabled, so that no way leads to Telegram", "set enabled = true for one of them");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var upstream in upstreams)
        {
            if (upstream.Get(UpstreamKeys.Name) is { } name && !names.Add(name))
            {
                problems.Error(upstream.OriginOf(UpstreamKeys.Name), upstream.PathOf(UpstreamKeys.Name), $"\"{name}\" is named twice", "rename one of them");
            }

            CheckUpstream(upstream, problems);
        }
    }

    private static void CheckUpstream(OptionTable upstream, ProblemList problems)
    {
        if (!upstream.Has(UpstreamKeys.Type) && !upstream.Lacks(UpstreamKeys.Type))
        {
            return;
        }

        var kind = upstream.Get(UpstreamKeys.Type);
        var word = kind.ToString().ToLowerInvariant();
        if (kind != UpstreamKind.Direct && upstream.Lacks(UpstreamKeys.Address))
        {
            problems.Error(upstream.Origin, upstream.PathOf(UpstreamKeys.Address), $"is missing, and type is \"{word}\"", "add address = \"host:port\" of the SOCKS server");
        }

        Forbid(UpstreamKeys.Address, kind == UpstreamKind.Direct);
        Forbid(UpstreamKeys.Username, kind != UpstreamKind.Socks5);
        Forbid(UpstreamKeys.Password, kind != UpstreamKind.Socks5);
        Forbid(UpstreamKeys.UserId, kind != UpstreamKind.Socks4);

        if (kind == UpstreamKind.Socks5 && upstream.Has(UpstreamKeys.Username) != upstream.Has(UpstreamKeys.Password))
        {
            var missing = upstream.Has(UpstreamKeys.Username) ? UpstreamKeys.Password : UpstreamKeys.Username;
            if (upstream.Lacks(missing))
            {
                problems.Error(upstream.Origin, upstream.PathOf(missing), "is missing beside the other of the two", "SOCKS5 logs in with username and password");
            }
        }

        foreach (var key in (ConfigurationKey<string?>[])[UpstreamKeys.Username, UpstreamKeys.Password])
        {
            if (upstream.Get(key) is { } text && System.Text.Encoding.UTF8.GetByteCount(text) > MaxLoginBytes)
            {
                problems.Error(upstream.OriginOf(key), upstream.PathOf(key), $"is longer than {MaxLoginBytes} bytes", "SOCKS5 has no room for more");
            }
        }

        void Forbid(ConfigurationKey key, bool when)
        {
            if (when && upstream.Has(key))
            {
                problems.Error(upstream.OriginOf(key), upstream.PathOf(key), $"has no meaning when type is \"{word}\"", "remove it, or change type");
            }
        }
    }

    private static void CheckGroups(TelemtOptions options, ProblemList problems)
    {
        var groups = options.Tables(ConfigurationSchema.Upstreams)
            .Select(upstream => upstream.Get(UpstreamKeys.Group) ?? UpstreamSettings.DefaultGroup)
            .Append(UpstreamSettings.DefaultGroup)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var user in options.Users)
        {
            CheckGroup(user.Table, UserKeys.Own.Upstreams, groups, problems);
        }

        CheckGroup(options.Table(ConfigurationSchema.Defaults), UserKeys.Defaults.Upstreams, groups, problems);
        foreach (var policy in options.Tables(ConfigurationSchema.Policies))
        {
            CheckGroups(policy, groups, problems);
        }
    }

    private static void CheckGroups(OptionTable policy, HashSet<string> groups, ProblemList problems)
    {
        var named = policy.Get(PolicyKeys.Upstreams);
        foreach (var group in named)
        {
            CheckGroup(policy, PolicyKeys.Upstreams, group, groups, problems);
        }

        if (named.Length > 2)
        {
            problems.Error(
                policy.OriginOf(PolicyKeys.Upstreams),
                policy.PathOf(PolicyKeys.Upstreams),
                $"names {named.Length} groups",
                "name one, or two: the second serves when no path of the first is left");
        }
    }

    /// <summary>Who names no group has the default one: without an upstream in it, nothing leads to Telegram.</summary>
    private static void CheckDefaultGroup(TelemtOptions options, ProblemList problems)
    {
        var upstreams = options.Tables(ConfigurationSchema.Upstreams);
        if (!upstreams.IsEmpty
            && options.Table(ConfigurationSchema.Defaults).Get(UserKeys.Defaults.Upstreams) is null
            && upstreams.All(upstream => upstream.Get(UpstreamKeys.Group) is { } group && group != UpstreamSettings.DefaultGroup))
        {
            problems.Warning(
                upstreams[0].Origin,
                "upstreams",
                $"none is in the group \"{UpstreamSettings.DefaultGroup}\", so that users and policies without a group have no way to Telegram",
                "leave the group out for one of them, or name one in [defaults] upstreams");
        }
    }

    private static void CheckGroup(OptionTable table, ConfigurationKey<string?> key, HashSet<string> groups, ProblemList problems)
        => CheckGroup(table, key, table.Get(key), groups, problems);

    private static void CheckGroup(OptionTable table, ConfigurationKey key, string? group, HashSet<string> groups, ProblemList problems)
    {
        if (group is not null && !groups.Contains(group))
        {
            var near = Nearest.Of(group, groups);
            problems.Error(
                table.OriginOf(key),
                table.PathOf(key),
                $"no upstream is in a group \"{group}\"",
                near is null ? $"add group = \"{group}\" to an upstream" : $"did you mean \"{near}\"?");
        }
    }

    private static void CheckDcs(TelemtOptions options, ProblemList problems)
    {
        foreach (var dc in options.DcOverrides.Where(dc => dc.EndPoints.IsEmpty))
        {
            problems.Error(dc.Origin, $"dc_overrides.{dc.Dc}", "has no address", $"give {ServiceKeys.DcOverride.Expected}");
        }

        foreach (var twice in options.DcOverrides.GroupBy(dc => dc.Dc).Where(group => group.Count() > 1))
        {
            problems.Error(twice.Last().Origin, $"dc_overrides.{twice.Key}", "is given twice", "keep one of them");
        }

        var fallback = options.Root.Get(RootKeys.DefaultDc);
        if (fallback != 0 && !BuiltInDcs.Contains(fallback) && options.DcOverrides.All(dc => dc.Dc != fallback))
        {
            problems.Error(
                options.Root.OriginOf(RootKeys.DefaultDc),
                RootKeys.DefaultDc.Path,
                $"DC {fallback} has no address",
                "give a DC from 1 to 5, one of [dc_overrides], or 0 to refuse");
        }
    }

    private static void CheckPolicies(TelemtOptions options, ProblemList problems)
    {
        var users = options.Users.Select(user => user.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var policy in options.Tables(ConfigurationSchema.Policies))
        {
            foreach (var name in policy.Get(PolicyKeys.Users).OfType<string>().Where(name => name != "*" && !users.Contains(name)))
            {
                problems.Warning(
                    policy.OriginOf(PolicyKeys.Users), policy.PathOf(PolicyKeys.Users), $"there is no user \"{name}\"", "name users of [users]");
            }

            if (policy.Get(PolicyKeys.Dcs).Contains(0))
            {
                problems.Error(policy.OriginOf(PolicyKeys.Dcs), policy.PathOf(PolicyKeys.Dcs), "there is no DC 0", "give numbers such as 2, -2 or 203");
            }
        }
    }
}
