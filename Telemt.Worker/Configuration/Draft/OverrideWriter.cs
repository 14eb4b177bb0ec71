using System.Globalization;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Draft;

/// <summary>Lays environment variables and options over a draft. Names are found in any case, as variables are often written in capitals.</summary>
internal sealed class OverrideWriter(DraftTable root, ProblemList problems)
{
    public void Write(ConfigurationOverrides overrides)
    {
        foreach (var item in overrides.Items)
        {
            Write(item);
        }
    }

    private void Write(ConfigurationOverride item)
    {
        var origin = new Origin(item.Source, 0, 0);
        DraftNode node = root;
        for (var i = 0; i < item.Path.Length - 1; i++)
        {
            var isList = IsNumber(item.Path[i + 1]) && HoldsList(item.Path.AsSpan(0, i + 1));
            Func<DraftNode> make = isList ? () => new DraftList(origin) : () => new DraftTable(origin);
            if (Step(node, item.Path[i], make, origin) is not { } next)
            {
                problems.Error(origin, string.Join('.', item.Path), "leads nowhere", "name a key of telemt.toml, its parts joined by two underscores");
                return;
            }

            node = next;
        }

        if (!Set(node, item.Path[^1], new DraftValue(origin, DraftKind.Untyped, item.Value), origin))
        {
            problems.Error(origin, string.Join('.', item.Path), "leads nowhere", "number list items from 0 without a gap");
        }
    }

    private static DraftNode? Step(DraftNode node, string part, Func<DraftNode> make, Origin origin)
    {
        if (Get(node, part) is { } found)
        {
            return found is DraftValue ? null : found;
        }

        var made = make();
        return Set(node, part, made, origin) ? made : null;
    }

    private static DraftNode? Get(DraftNode node, string part) => node switch
    {
        DraftTable table => Find(table, part)?.Value,
        DraftList list => IsNumber(part) && Index(part) is var at && at < list.Items.Count ? list.Items[at] : null,
        _ => null,
    };

    private static bool Set(DraftNode node, string part, DraftNode value, Origin origin)
    {
        switch (node)
        {
            case DraftTable table:
                table.Set(new DraftEntry(Find(table, part)?.Key ?? KnownName(part), origin, value));
                return true;
            case DraftList list when IsNumber(part) && Index(part) < list.Items.Count:
                list.Items[Index(part)] = value;
                return true;
            case DraftList list when IsNumber(part) && Index(part) == list.Items.Count:
                list.Items.Add(value);
                return true;
            default:
                return false;
        }
    }

    private static DraftEntry? Find(DraftTable table, string part)
    {
        var at = table.IndexOf(part);
        at = at < 0 ? table.IndexOf(part, StringComparison.OrdinalIgnoreCase) : at;
        return at < 0 ? null : table.Entries[at];
    }

    /// <summary>A key's own spelling: TELEMT__PORT means port. A user's name has none but the one given.</summary>
    private static string KnownName(string part)
    {
        var lower = part.ToLowerInvariant();
        return ConfigurationSchema.IsRootName(lower) || ConfigurationSchema.AllKeys.Any(key => key.Name == lower) ? lower : part;
    }

    private static bool HoldsList(ReadOnlySpan<string> path)
    {
        var first = path[0].ToLowerInvariant();
        var section = ConfigurationSchema.FindSection(first);
        return path.Length switch
        {
            1 => section?.Shape == SectionShape.List || ConfigurationSchema.Root.Find(first) is { IsList: true },
            _ => section?.Find(path[^1].ToLowerInvariant()) is { IsList: true },
        };
    }

    private static bool IsNumber(string part) => part.Length is > 0 and < 6 && part.All(char.IsAsciiDigit);

    private static int Index(string part) => int.Parse(part, CultureInfo.InvariantCulture);
}
