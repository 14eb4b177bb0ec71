using System.Text.RegularExpressions;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>Who reads the README finds every key, or the section that telemt.toml explains it in.</summary>
[TestFixture]
internal sealed class ReadmeTests
{
    private static IEnumerable<ConfigurationKey> Keys => ConfigurationSchema.AllKeys;

    [TestCaseSource(nameof(Keys))]
    public void Readme_Key_IsThere(ConfigurationKey key)
    {
        var file = Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "README.md");
        Assume.That(file, Does.Exist);
        var section = ConfigurationSchema.Sections.FirstOrDefault(section => section.Keys.Contains(key));
        var wanted = section is null ? $"`{key.Name}`" : section.Header;
        var rows = File.ReadAllLines(file).Where(line => line.StartsWith('|') && line.Contains(wanted, StringComparison.Ordinal)).ToList();
        Assert.That(rows, Is.Not.Empty, $"no row of a table speaks of {wanted}");
        Assert.That(
            section is null
                || key.Name == "*"
                || rows.Any(row => Regex.IsMatch(row, $@"\b{Regex.Escape(key.Name)}\b") || row.Contains("see the file", StringComparison.Ordinal)),
            $"the row of {wanted} leaves out {key.Name}");
    }
}
