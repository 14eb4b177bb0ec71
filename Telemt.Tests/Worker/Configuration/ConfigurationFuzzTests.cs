using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>Whatever a file or a variable holds: a report, never an exception, and errors exactly when there are no settings.</summary>
[TestFixture]
internal sealed class ConfigurationFuzzTests
{
    private static readonly string[] Values =
    [
        "true", "-1", "0", "443", "9223372036854775807", "0.5", "nan", "\"\"", "\"auto\"", "\"a.example:443\"", "\"::1\"", "\"*\"", "[]", "[[]]", "{}", "{ a = 1 }",
        "2036-01-01", "12:00:00", "\"0123456789abcdef0123456789abcdef\"", "\"00000000000000000000000000000000\"", "[\"a\", 1]", "\"5m\"", "\"1GB/s\"", "\"\\u0000\"",
    ];

    private static string Sample
    {
        get
        {
            using var stream = typeof(SettingsLoader).Assembly.GetManifestResourceStream("telemt.toml")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Replace("\n#", "\n");
        }
    }

    [Test]
    public void File_WithBytesChangedAtRandom_GivesAReport([Range(1, 8)] int seed)
    {
        var random = new System.Random(seed);
        var sample = Encoding.UTF8.GetBytes(ConfigText.Sample("seed-all-appended.toml"));
        for (var run = 0; run < 200; run++)
        {
            var bytes = sample.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Check(bytes);
        }
    }

    [Test]
    public void File_WithLinesShuffledAndValuesSwapped_GivesAReport([Range(1, 8)] int seed)
    {
        var random = new System.Random(seed);
        var lines = Sample.Split('\n').Where(line => line.Length > 0).ToArray();
        for (var run = 0; run < 100; run++)
        {
            var chosen = lines.Where(_ => random.Next(4) == 0).ToArray();
            random.Shuffle(chosen);
            var text = string.Join('\n', chosen.Select(line => random.Next(3) == 0 && line.Contains(" = ")
                ? line[..line.IndexOf(" = ", StringComparison.Ordinal)] + " = " + Values[random.Next(Values.Length)]
                : line));
            Check(Encoding.UTF8.GetBytes(text));
        }
    }

    [Test]
    public void EveryKey_WithEveryKindOfValue_GivesAReport()
    {
        foreach (var section in ConfigurationSchema.Sections.Append(ConfigurationSchema.Root))
        {
            var header = section.Shape == SectionShape.Named ? $"[{section.Name}.x]\n" : section.Name.Length == 0 ? "" : section.Header + "\n";
            foreach (var value in section.Keys.SelectMany(_ => Values, (key, value) => $"{(key.Name == "*" ? "2" : key.Name)} = {value}"))
            {
                Check(Encoding.UTF8.GetBytes(header + value));
                Check(Encoding.UTF8.GetBytes("[modes]\n" + value));
            }
        }
    }

    [Test]
    public void Variables_OfAnyName_GiveAReport()
        => Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), ArbMap.Default.ArbFor<string>(), (parts, value) =>
        {
            var path = parts.Where(part => part is not null).Append("port").ToArray();
            var overrides = new ConfigurationOverrides([new ConfigurationOverride([.. path], value ?? "", "a test")]);
            return new SettingsLoader(ConfigText.Path, overrides, () => HostFacts.None).Read(Encoding.UTF8.GetBytes(ConfigText.Least)).Options is not null;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void ValueTexts_OfAnyContent_NeverThrow()
        => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var value = text ?? "";
            _ = HostText.TryAddress(value, out _);
            _ = HostText.TryName(value, out _);
            _ = HostText.TryEndPoint(value, out _);
            _ = Nearest.Of(value, ["port", "mask"]);
            return !DurationText.TryParse(value, out var duration) || duration >= TimeSpan.Zero;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Duration_WrittenAndRead_IsTheSame()
        => Prop.ForAll(ArbMap.Default.ArbFor<int>(), number =>
        {
            var duration = TimeSpan.FromMilliseconds(Math.Abs((long)number));
            return DurationText.TryParse(DurationText.Format(duration), out var read) && read == duration;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Size_WrittenAndRead_IsTheSame()
        => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<int>(), (number, scale) =>
        {
            var size = Math.Abs((long)number) << (Math.Abs(scale % 30));
            return SizeText.TryParse(SizeText.Format(size), out var read) && read == size;
        }).QuickCheckThrowOnFailure();

    private static void Check(byte[] content)
    {
        var report = new SettingsLoader(ConfigText.Path, ConfigurationOverrides.None, () => ConfigText.Host).Read(content);
        Assert.That(report.Settings is null, Is.EqualTo(!report.Errors.IsEmpty));
        Assert.That(report.Lines().ToList(), Has.None.Empty);
    }
}
