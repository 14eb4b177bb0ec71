using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Telemt.Worker.Configuration.Draft;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>Reads a draft by the schema: types, ranges, unknown names. What keys mean together is the validator's.</summary>
internal sealed class OptionsReader(DraftTable root, Origin file, ProblemList problems)
{
    private readonly Dictionary<ConfigurationSection, OptionTable> _tables = [];
    private readonly Dictionary<ConfigurationSection, ImmutableArray<OptionTable>> _lists = [];
    private readonly UnknownKeys _unknown = new(problems);

    private ImmutableArray<UserOptions> _users = [];
    private ImmutableArray<DcOverrideOptions> _dcOverrides = [];
    private Origin? _usersOrigin;

    public TelemtOptions Read()
    {
        var table = new OptionTable(file, "");
        foreach (var entry in root.Entries)
        {
            if (ConfigurationSchema.Root.Find(entry.Key) is { } key)
            {
                Add(table, key, entry);
            }
            else if (ConfigurationSchema.FindSection(entry.Key) is { } section)
            {
                ReadSection(section, entry);
            }
            else
            {
                _unknown.Add(entry, ConfigurationSchema.Root, "");
            }
        }

        _unknown.Report(strict: table.Get(RootKeys.Strict));
        return new TelemtOptions(table, _tables, _lists)
        {
            Users = _users,
            DcOverrides = _dcOverrides,
            File = file,
            UsersOrigin = _usersOrigin ?? file,
        };
    }

    private void ReadSection(ConfigurationSection section, DraftEntry entry)
    {
        switch (entry.Value)
        {
            case DraftTable table when section == ConfigurationSchema.Users:
                _usersOrigin = table.Origin;
                _users = [.. table.Entries.Select(ReadUser)];
                break;
            case DraftTable table when section == ConfigurationSchema.DcOverrides:
                _dcOverrides = [.. table.Entries.Select(ReadDcOverride).OfType<DcOverrideOptions>()];
                break;
            case DraftTable table when section.Shape == SectionShape.Table:
                _tables[section] = ReadTable(section, table, section.Name);
                break;
            case DraftList list when section.Shape == SectionShape.List && list.Items.All(item => item is DraftTable):
                _lists[section] = [.. list.Items.Cast<DraftTable>().Select(table => ReadTable(section, table, section.Name))];
                break;
            default:
                var cure = $"write {section.Header} in a line of its own and the keys below it";
                problems.Error(entry.Value.Origin, section.Name, $"is {entry.Value.Description}", cure);
                break;
        }
    }

    private OptionTable ReadTable(ConfigurationSection section, DraftTable table, string path)
    {
        var read = new OptionTable(table.Origin, path);
        foreach (var entry in table.Entries)
        {
            if (section.Find(entry.Key) is { } key)
            {
                Add(read, key, entry);
            }
            else
            {
                _unknown.Add(entry, section, path);
            }
        }

        return read;
    }

    private UserOptions ReadUser(DraftEntry entry)
    {
        var path = $"users.{entry.Key}";
        if (entry.Value is DraftTable table)
        {
            return new UserOptions(entry.Key, entry.Origin, ReadTable(ConfigurationSchema.Users, table, path));
        }

        var read = new OptionTable(entry.Origin, path);
        if (UserKeys.Own.Secret.Read(entry, path, problems) is { } secret)
        {
            read.Add(secret);
        }
        else
        {
            read.AddUnreadable(UserKeys.Own.Secret);
        }

        return new UserOptions(entry.Key, entry.Origin, read);
    }

    private DcOverrideOptions? ReadDcOverride(DraftEntry entry)
    {
        var path = $"{ConfigurationSchema.DcOverrides.Name}.{entry.Key}";
        var isNumber = int.TryParse(entry.Key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var dc);
        if (!isNumber || dc is 0 or < short.MinValue or > short.MaxValue)
        {
            problems.Error(entry.Origin, path, "is no DC", "give the DC's number, such as 2, -2 for its media addresses, or 203");
            return null;
        }

        return ServiceKeys.DcOverride.Read(entry, path, problems) is OptionValue<ImmutableArray<EndPoint?>> read
            ? new DcOverrideOptions(dc, entry.Origin, [.. read.Value.OfType<EndPoint>()])
            : null;
    }

    private void Add(OptionTable table, ConfigurationKey key, DraftEntry entry)
    {
        if (key.Read(entry, table.PathOf(key), problems) is { } value)
        {
            table.Add(value);
        }
        else
        {
            table.AddUnreadable(key);
        }
    }
}
