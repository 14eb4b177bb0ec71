namespace Telemt.Worker.Configuration.Schema;

/// <summary>One table as the operator wrote it: the values that were given, the defaults of the schema for the rest.</summary>
/// <param name="origin">Place of the table, for problems that no single key is to blame for.</param>
/// <param name="path">Path of the table for messages: "timeouts", "users.alice"; empty for the root.</param>
internal sealed class OptionTable(Origin origin, string path)
{
    // A user has one to three values, the root thirty: a walk beats a dictionary, and ten thousand users stay small.
    private readonly List<OptionValue> _values = [];
    private List<ConfigurationKey>? _unreadable;

    public Origin Origin { get; } = origin;

    public string Path { get; } = path;

    public IReadOnlyList<OptionValue> Values => _values;

    public void Add(OptionValue value) => _values.Add(value);

    /// <summary>Notes a key that stands in the file with a value that does not fit.</summary>
    public void AddUnreadable(ConfigurationKey key) => (_unreadable ??= []).Add(key);

    public T Get<T>(ConfigurationKey<T> key) => Find(key) is OptionValue<T> given ? given.Value : key.Default;

    /// <summary>The value that was given, else the other table's, else the default.</summary>
    public T Get<T>(ConfigurationKey<T> key, OptionTable fallback, ConfigurationKey<T> fallbackKey)
        => Find(key) is OptionValue<T> given ? given.Value : fallback.Get(fallbackKey);

    public bool Has(ConfigurationKey key) => Find(key) is not null;

    /// <summary>True when the key is neither there nor there with a value that has an error of its own.</summary>
    public bool Lacks(ConfigurationKey key) => !Has(key) && _unreadable?.Contains(key) != true;

    /// <summary>Place of the value, or of the table when the key was left out.</summary>
    public Origin OriginOf(ConfigurationKey key) => Find(key)?.Origin ?? Origin;

    /// <summary>Path of a key of this table for messages.</summary>
    public string PathOf(ConfigurationKey key) => Path.Length == 0 ? key.Name : $"{Path}.{key.Name}";

    private OptionValue? Find(ConfigurationKey key)
    {
        foreach (var value in _values)
        {
            if (ReferenceEquals(value.Key, key))
            {
                return value;
            }
        }

        return null;
    }
}
