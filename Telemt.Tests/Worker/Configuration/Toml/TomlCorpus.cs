namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>The official test documents for TOML 1.0 (Data/toml-test), named as the list beside them names them.</summary>
internal static class TomlCorpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "toml-test");

    public static IEnumerable<string> Valid => Named("valid/");

    public static IEnumerable<string> Invalid => Named("invalid/");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static byte[] ReadExpected(string name) => Read(Path.ChangeExtension(name, ".json"));

    private static IEnumerable<string> Named(string start)
    {
        return File.ReadLines(Path.Combine(Folder, "files-toml-1.0.0"))
            .Where(name => name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(".toml", StringComparison.Ordinal));
    }
}
