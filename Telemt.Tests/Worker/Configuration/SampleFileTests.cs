using System.Text.RegularExpressions;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>The commented telemt.toml that `telemt init` writes: valid, complete, and true about defaults.</summary>
[TestFixture]
internal sealed partial class SampleFileTests
{
    /// <summary>Keys that the sample shows by an example, since what holds without them is nothing or lies elsewhere.</summary>
    private static readonly string[] Examples =
    [
        "show_links", "tls_domain", "mask_host", "ad_tag", "state", "defaults.expires", "defaults.ad_tag", "defaults.upstreams", "defaults.max_connections",
        "defaults.max_ips", "defaults.quota", "defaults.rate", "limits.rate", "middle_proxy.enabled", "middle_proxy.secret_file",
        "middle_proxy.config_file", "control.token", "control.certificate", "telemetry.endpoint", "telemetry.headers", "logging.levels",
    ];

    private static readonly string Sample = Read();

    /// <summary>The sample with every commented setting in force.</summary>
    private static readonly string Full = CommentedSetting().Replace(Sample, "");

    public static IEnumerable<ConfigurationKey> Keys => ConfigurationSchema.AllKeys;

    [Test]
    public void Sample_AsItIs_OnlyWarnsOfItsSecret()
    {
        var report = ConfigText.Load(Sample);
        Assert.Multiple(() =>
        {
            Assert.That(report.Errors, Is.Empty);
            Assert.That(report.Warnings.Select(warning => warning.Problem), Is.EqualTo(new[] { "has the placeholder secret, which everybody knows" }));
        });
    }

    [Test]
    public void Sample_Uncommented_IsValid()
    {
        var report = ConfigText.Load("strict = true\n" + Full.Replace("\nstrict = false", ""));
        Assert.That(report.Errors.Select(error => error.ToString()), Is.Empty);
    }

    [TestCaseSource(nameof(Keys))]
    public void Sample_Key_IsThere(ConfigurationKey key)
    {
        var options = ConfigText.Load(Full).Options!;
        var isThere = key.Path == "dc_overrides.*"
            ? !options.DcOverrides.IsEmpty
            : options.AllTables().Any(item => item.Table.Has(key));
        Assert.That(isThere, key.Path);
    }

    [TestCaseSource(nameof(Keys))]
    public void Sample_Key_ShowsItsDefault(ConfigurationKey key)
    {
        var section = ConfigurationSchema.Sections.FirstOrDefault(section => section.Keys.Contains(key), ConfigurationSchema.Root);
        if (section.Shape != SectionShape.Table || Examples.Contains(key.Path))
        {
            Assert.Pass("an example");
        }

        var options = ConfigText.Load(Full).Options!;
        var table = section == ConfigurationSchema.Root ? options.Root : options.Table(section);
        Assert.That(key.Difference(new OptionTable(default, ""), table), Is.Null);
    }

    private static string Read()
    {
        using var stream = typeof(SettingsLoader).Assembly.GetManifestResourceStream("telemt.toml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^#(?=[a-z_0-9]+ = |\\[)", RegexOptions.Multiline)]
    private static partial Regex CommentedSetting();
}
