using System.Collections.Immutable;
using System.Globalization;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Doctor;

/// <summary>What `check` says, as findings.</summary>
internal static class ConfigurationFindings
{
    private const string Name = "configuration";

    public static ImmutableArray<Finding> Of(ConfigurationReport report)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        findings.AddRange(report.Errors.Select(each => From(FindingLevel.Error, each)));
        findings.AddRange(report.Warnings.Select(each => From(FindingLevel.Warning, each)));
        if (report.Settings is { } settings)
        {
            findings.Insert(0, new Finding(
                Name,
                FindingLevel.Good,
                $"{report.Path}: {Some(settings.Users.Users.Length, "user")}, {Some(settings.Listeners.Length, "listener")}, {Some(settings.Upstreams.Length, "upstream")}",
                null));
        }

        return findings.ToImmutable();
    }

    private static string Some(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static Finding From(FindingLevel level, ConfigurationProblem problem) =>
        new(Name, level, problem.Key.Length == 0 ? $"{problem.Origin}: {problem.Problem}" : $"{problem.Origin}: {problem.Key}: {problem.Problem}", problem.Cure);
}
