using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Telemt.Worker.Cli;

/// <summary>`telemt version`: what to write into a report of a problem.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version of telemt and of what it runs on");
        command.SetAction(result => result.InvocationConfiguration.Output.WriteLine(Text));
        return command;
    }

    internal static string Text
    {
        get
        {
            var assembly = typeof(VersionCommand).Assembly;
            var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            return $"telemt {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";
        }
    }
}
