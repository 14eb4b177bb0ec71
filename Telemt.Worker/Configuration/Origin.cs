namespace Telemt.Worker.Configuration;

/// <summary>Where a value was written: a file with 1-based line and column, or an environment variable or option without them.</summary>
/// <param name="Source">The file's path as the operator gave it, or words such as "environment variable TELEMT__port".</param>
internal readonly record struct Origin(string Source, int Line, int Column)
{
    public bool HasLine => Line > 0;

    public override string ToString() => HasLine ? $"{Source}:{Line}:{Column}" : Source;
}
