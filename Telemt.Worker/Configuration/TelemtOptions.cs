using System.Collections.Immutable;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>
/// telemt.toml as the operator wrote it, with overrides laid over it: each value of the right type, in its place, not yet compared with
/// the others.
/// </summary>
internal sealed class TelemtOptions
{
    private readonly IReadOnlyDictionary<ConfigurationSection, OptionTable> _tables;
    private readonly IReadOnlyDictionary<ConfigurationSection, ImmutableArray<OptionTable>> _lists;

    public TelemtOptions(
        OptionTable root,
        IReadOnlyDictionary<ConfigurationSection, OptionTable> tables,
        IReadOnlyDictionary<ConfigurationSection, ImmutableArray<OptionTable>> lists)
    {
        Root = root;
        _tables = tables;
        _lists = lists;
    }

    public OptionTable Root { get; }

    /// <summary>In the order of the file.</summary>
    public required ImmutableArray<UserOptions> Users { get; init; }

    public required ImmutableArray<DcOverrideOptions> DcOverrides { get; init; }

    /// <summary>Place of the file as a whole.</summary>
    public required Origin File { get; init; }

    /// <summary>Place of [users], or of the file when there is none.</summary>
    public required Origin UsersOrigin { get; init; }

    /// <summary>A [table]; empty when the file has none.</summary>
    public OptionTable Table(ConfigurationSection section)
        => _tables.GetValueOrDefault(section) ?? new OptionTable(File, section.Name);

    /// <summary>The tables of a [[list]], in the order of the file.</summary>
    public ImmutableArray<OptionTable> Tables(ConfigurationSection section) => _lists.GetValueOrDefault(section, []);

    /// <summary>Every table that holds values.</summary>
    public IEnumerable<(ConfigurationSection Section, OptionTable Table)> AllTables()
        => _tables.Select(pair => (pair.Key, pair.Value))
            .Concat(_lists.SelectMany(pair => pair.Value.Select(table => (pair.Key, table))))
            .Concat(Users.Select(user => (ConfigurationSchema.Users, user.Table)))
            .Prepend((ConfigurationSchema.Root, Root));
}
