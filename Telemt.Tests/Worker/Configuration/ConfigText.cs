using System.Collections.Immutable;
using System.Net;
using System.Text;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>Loads configurations that a test writes down.</summary>
internal static class ConfigText
{
    public const string Path = "telemt.toml";

    /// <summary>The least that is valid, on two lines.</summary>
    public const string Least = """
        tls_domain = "www.example.com"
        users.alice = "0123456789abcdef0123456789abcdef"

        """;

    public static readonly HostFacts Host = new([IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::7")], null);

    public static ConfigurationReport Load(string text, params (string Name, string Value)[] environment)
        => Load(text, Host, environment);

    public static ConfigurationReport Load(string text, HostFacts host, params (string Name, string Value)[] environment)
        => new SettingsLoader(Path, Overrides(environment), () => host).Read(Encoding.UTF8.GetBytes(text));

    public static ConfigurationOverrides Overrides(params (string Name, string Value)[] environment)
        => ConfigurationOverrides.FromEnvironment(environment.ToDictionary(pair => pair.Name, pair => pair.Value));

    /// <summary>The settings of a text that must be valid.</summary>
    public static ProxySettings Settings(string text, params (string Name, string Value)[] environment)
    {
        var report = Load(text, environment);
        Assert.That(report.Errors.Select(error => error.ToString()), Is.Empty);
        return report.Settings!;
    }

    public static ImmutableArray<string> Errors(string text, params (string Name, string Value)[] environment)
    {
        var report = Load(text, environment);
        Assert.That(report.Settings, report.Errors.IsEmpty ? Is.Not.Null : Is.Null);
        return [.. report.Errors.Select(error => error.ToString())];
    }

    public static ImmutableArray<string> Warnings(string text) => [.. Load(text).Warnings.Select(warning => warning.ToString())];

    /// <summary>A file of Data/config.</summary>
    public static string Sample(string name)
        => File.ReadAllText(System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "config", name));
}
