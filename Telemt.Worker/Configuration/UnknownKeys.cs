using Telemt.Worker.Configuration.Draft;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>Keys that nothing knows: warnings with what they may have been meant for, or errors when the file asks to be strict.</summary>
internal sealed class UnknownKeys(ProblemList problems)
{
    private readonly List<(DraftEntry Entry, ConfigurationSection Section, string Path)> _found = [];

    public void Add(DraftEntry entry, ConfigurationSection section, string path) => _found.Add((entry, section, path));

    /// <summary>Called once all is read: only then it is known whether the file is strict.</summary>
    public void Report(bool strict)
    {
        foreach (var (entry, section, path) in _found)
        {
            var key = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            var cure = Suggest(entry, section) ?? "remove it";
            if (strict)
            {
                problems.Error(entry.Origin, key, "is unknown, and strict = true", cure);
            }
            else
            {
                problems.Warning(entry.Origin, key, "is unknown and has no effect", cure);
            }
        }
    }

    private static string? Suggest(DraftEntry entry, ConfigurationSection section)
    {
        if (Nearest.Of(entry.Key, section.Keys.Select(key => key.Name)) is { } sibling)
        {
            return $"did you mean \"{sibling}\"?";
        }

        if (entry.Value is DraftTable or DraftList && Nearest.Of(entry.Key, ConfigurationSchema.Sections.Select(other => other.Name)) is { } table)
        {
            return $"did you mean \"{table}\"?";
        }

        var elsewhere = ConfigurationSchema.Sections.Where(other => other.Find(entry.Key) is not null).Select(other => other.Header).ToList();
        if (elsewhere.Count > 0)
        {
            return $"it belongs below {string.Join(" or ", elsewhere)}";
        }

        var rootNames = ConfigurationSchema.Root.Keys.Select(key => key.Name).Concat(ConfigurationSchema.Sections.Select(other => other.Name));
        return Nearest.Of(entry.Key, rootNames) is { } near ? $"did you mean \"{near}\"?" : null;
    }
}
