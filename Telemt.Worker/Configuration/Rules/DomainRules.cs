using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Modes and the names that fake TLS needs.</summary>
internal static class DomainRules
{
    /// <summary>Telegram Desktop refuses ee secrets of less than 21 bytes (PROTOCOL A).</summary>
    private const int AdvisedLength = 4;

    public static void Check(TelemtOptions options, ProblemList problems)
    {
        var modes = options.Table(ConfigurationSchema.Modes);
        var root = options.Root;
        var domains = All(options).ToList();
        if (modes.Get(ServiceKeys.Tls) && domains.Count == 0 && root.Lacks(RootKeys.TlsDomain) && root.Lacks(RootKeys.TlsDomains))
        {
            problems.Error(
                modes.OriginOf(ServiceKeys.Tls),
                RootKeys.TlsDomain.Path,
                "is missing, and fake TLS is on",
                "add tls_domain = \"www.example.com\", the name of the site to hide behind, or set tls = false below [modes]");
        }

        if (!modes.Get(ServiceKeys.Tls) && !modes.Get(ServiceKeys.Secure) && !modes.Get(ServiceKeys.Classic))
        {
            problems.Error(modes.OriginOf(ServiceKeys.Tls), "modes", "all are off, so that nobody can come in", "set one of them to true");
        }

        foreach (var (key, name) in domains.Where(domain => domain.Name.Length < AdvisedLength))
        {
            problems.Warning(
                root.OriginOf(key), key.Path, $"\"{name}\" is so short that some clients refuse its links", "use a name of 4 bytes or more");
        }

        foreach (var twice in domains.GroupBy(domain => domain.Name).Where(group => group.Count() > 1))
        {
            var key = twice.Last().Key;
            problems.Warning(root.OriginOf(key), key.Path, $"\"{twice.Key}\" is named twice", "name it once");
        }
    }

    /// <summary>The names in their order, tls_domain first.</summary>
    public static IEnumerable<(ConfigurationKey Key, string Name)> All(TelemtOptions options)
    {
        if (options.Root.Get(RootKeys.TlsDomain) is { } first)
        {
            yield return (RootKeys.TlsDomain, first);
        }

        foreach (var further in options.Root.Get(RootKeys.TlsDomains).OfType<string>())
        {
            yield return (RootKeys.TlsDomains, further);
        }
    }
}
