using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Where a reader says what is wrong with the value of one key.</summary>
/// <param name="alternative">A word that fits besides what a reader expects, such as "auto"; or null.</param>
internal readonly struct ValueScope(ProblemList problems, string key, string? alternative = null)
{
    /// <summary>Path of the key that is being read.</summary>
    public string Key { get; } = key;

    /// <returns>Always false, so that a reader can leave with it.</returns>
    public bool Fail(DraftNode node, string problem, string expected)
    {
        problems.Error(node.Origin, Key, problem, alternative is null ? $"give {expected}" : $"give \"{alternative}\" or {expected}");
        return false;
    }

    /// <summary>The value is of another type than the key's.</summary>
    public bool FailType(DraftNode node, string expected) => Fail(node, $"is {node.Description}", expected);

    public void Warn(DraftNode node, string problem, string cure) => problems.Warning(node.Origin, Key, problem, cure);

    public ValueScope Or(string word) => new(problems, Key, word);

    public ValueScope Child(string name) => new(problems, $"{Key}.{name}");
}
