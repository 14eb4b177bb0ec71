using System.Collections.Immutable;
using System.CommandLine;
using Telemt.Worker.Configuration;
using Telemt.Worker.Doctor;

namespace Telemt.Worker.Cli;

/// <summary>`telemt doctor FILE`: looks at everything that a proxy needs, and says what is wrong, why, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var file = ConfigurationFile.Argument();
        var json = new Option<bool>("--json") { Description = "Print JSON, for scripts" };
        var command = new Command(
            "doctor", "Look at the configuration, this host, the mask host and every way to Telegram; exit 0: fine, 1: warnings, 2: errors") { file, json };
        command.SetAction((result, cancellation) => RunAsync(
            SettingsLoader.Load(result.GetRequiredValue(file), ConfigurationFile.Overrides()),
            new DoctorSurroundings(),
            result.GetValue(json),
            result.InvocationConfiguration.Output,
            cancellation));
        return command;
    }

    internal static async Task<int> RunAsync(
        ConfigurationReport report, DoctorSurroundings around, bool json, TextWriter output, CancellationToken cancellation)
    {
        var findings = await DoctorRunner.RunAsync(report, around, cancellation);
        var code = CodeOf(findings);
        if (json)
        {
            DoctorReport.WriteJson(output, findings, code);
        }
        else
        {
            DoctorReport.WriteText(output, findings);
        }

        return code;
    }

    private static int CodeOf(ImmutableArray<Finding> findings) => findings.Max(finding => finding.Level) switch
    {
        FindingLevel.Error => ExitCode.Refused,
        FindingLevel.Warning => ExitCode.Failed,
        _ => ExitCode.Good,
    };
}
