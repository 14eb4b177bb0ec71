using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A row of the schema: one key of telemt.toml. Immutable.</summary>
/// <param name="path">"port", "timeouts.idle"; under the operator's own names a star: "users.*.secret".</param>
internal abstract class ConfigurationKey(string path, SessionEffect effect)
{
    public string Path { get; } = path;

    /// <summary>The last part of <see cref="Path"/>, as the file has it.</summary>
    public string Name { get; } = path[(path.LastIndexOf('.') + 1)..];

    public SessionEffect Effect { get; } = effect;

    /// <summary>What fits: "a whole number from 1 to 65535".</summary>
    public abstract string Expected { get; }

    public abstract bool IsList { get; }

    /// <summary>The default as a message may show it.</summary>
    public abstract string DefaultText { get; }

    /// <param name="path">The value's own path for messages: of a user, its name instead of the star.</param>
    /// <returns>The value with its place, or null after saying what is wrong.</returns>
    public abstract OptionValue? Read(DraftEntry entry, string path, ProblemList problems);

    /// <summary>"before → after" when two tables differ in this key, else null.</summary>
    public abstract string? Difference(OptionTable before, OptionTable after);

    public override string ToString() => Path;
}
