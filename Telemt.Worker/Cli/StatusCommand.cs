using System.CommandLine;

namespace Telemt.Worker.Cli;

/// <summary>`telemt status FILE`: asks the running proxy how it is; for people, and with --quiet for whoever restarts containers.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var file = ConfigurationFile.Argument();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print nothing, and only ask whether it is alive" };
        var command = new Command("status", "Ask the running proxy how it is; exit 0: well, 1: it is not, or does not answer, 2: bad configuration") { file, quiet };
        command.SetAction(async (result, cancellation) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (ConfigurationFile.Load(result.GetRequiredValue(file), error) is not { Settings: { } settings })
            {
                return ExitCode.Refused;
            }

            using var probe = new StatusProbe(settings);
            if (result.GetValue(quiet))
            {
                return await probe.IsAliveAsync(cancellation) ? ExitCode.Good : ExitCode.Failed;
            }

            var (status, problem) = await probe.ReadAsync(cancellation);
            if (status is null)
            {
                await error.WriteLineAsync($"error: {problem}");
                return ExitCode.Failed;
            }

            StatusText.Write(output, status);
            return status.Health == StatusText.Well ? ExitCode.Good : ExitCode.Failed;
        });
        return command;
    }
}
