using Telemt.Core.Wire;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Draft;

/// <summary>
/// Moves keys of the root that stand in a table, where they have no meaning, to the root. By TOML's rules everything below a [table]
/// line belongs to it, so that the published sample files have <c>tls_domain</c> inside [modes]; they mean the root's.
/// </summary>
internal sealed class KeyLifter(DraftTable root, ProblemList problems)
{
    private readonly List<DraftEntry> _lifted = [];

    public void Lift()
    {
        foreach (var entry in root.Entries)
        {
            if (ConfigurationSchema.FindSection(entry.Key) is { } section)
            {
                LiftFrom(section, entry.Value);
            }
        }

        RenameAliases();
        foreach (var entry in _lifted)
        {
            Place(entry);
        }
    }

    private void LiftFrom(ConfigurationSection section, DraftNode node)
    {
        switch (node)
        {
            case DraftList list when section.Shape == SectionShape.List:
                list.Items.OfType<DraftTable>().ToList().ForEach(table => LiftForeign(table, section.Header, HasMeaning(section)));
                break;
            case DraftTable table when section.Shape == SectionShape.Named:
                LiftForeign(table, section.Header, static _ => false);
                foreach (var entry in table.Entries)
                {
                    if (entry.Value is DraftTable named)
                    {
                        LiftForeign(named, $"[{section.Name}.{entry.Key}]", HasMeaning(section));
                    }
                }

                break;
            case DraftTable table when section.Shape == SectionShape.Table:
                LiftForeign(table, section.Header, HasMeaning(section));
                foreach (var entry in table.Entries)
                {
                    if (entry.Value is DraftTable map)
                    {
                        LiftForeign(map, $"[{section.Name}.{entry.Key}]", static _ => false);
                    }
                }

                break;
        }
    }

    private static Predicate<DraftEntry> HasMeaning(ConfigurationSection section) => entry => section.Find(entry.Key) is not null;

    private void LiftForeign(DraftTable table, string header, Predicate<DraftEntry> hasMeaning)
    {
        // Two passes, since a table of ten thousand users must not be shifted once for each key.
        var foreign = table.Entries.Where(entry => ConfigurationSchema.IsRootName(entry.Key) && !hasMeaning(entry)).ToList();
        if (foreign.Count == 0)
        {
            return;
        }

        table.Entries.RemoveAll(foreign.Contains);
        foreach (var entry in foreign)
        {
            if (IsUser(entry, header))
            {
                problems.Error(entry.Origin, $"users.{entry.Key}", "is the name of a setting", "give the user another name");
                continue;
            }

            problems.Warning(
                entry.Origin,
                entry.Key,
                $"stands in {header}, where it has no meaning, and is read as a key of the root",
                "move it above the first line in [brackets]");
            _lifted.Add(entry);
        }
    }

    /// <summary>A secret below [users] was meant for a user, whatever its name.</summary>
    private static bool IsUser(DraftEntry entry, string header) => header == ConfigurationSchema.Users.Header && entry.Value switch
    {
        DraftTable table => table.IndexOf(UserKeys.Own.Secret.Name) >= 0,
        DraftValue { Kind: DraftKind.Text, Value: string text } =>
            entry.Key != RootKeys.AdTag.Name && text.Length >= 2 * Secret.Size && SecretText.TryParse(text, out _, out _),
        _ => false,
    };

    private void RenameAliases()
    {
        for (var i = 0; i < root.Entries.Count; i++)
        {
            if (ConfigurationSchema.Aliases.TryGetValue(root.Entries[i].Key, out var name))
            {
                var entry = root.Entries[i] with { Key = name };
                root.Entries.RemoveAt(i--);
                _lifted.Add(entry);
            }
        }
    }

    private void Place(DraftEntry entry)
    {
        var name = ConfigurationSchema.Aliases.GetValueOrDefault(entry.Key, entry.Key);
        var at = root.IndexOf(name);
        if (at < 0)
        {
            root.Entries.Add(entry with { Key = name });
            return;
        }

        problems.Error(entry.Origin, name, $"stands twice, in line {root.Entries[at].Origin.Line} too", "keep one of them");
    }
}
