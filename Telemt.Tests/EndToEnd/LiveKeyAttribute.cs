namespace Telemt.Tests.EndToEnd;

/// <summary>The key of telemt.toml whose live edit a test observes on a running proxy.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LiveKeyAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
