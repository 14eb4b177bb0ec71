using System.Diagnostics;

namespace Telemt.Tests.External;

/// <summary>A program of the system that a test runs against, if it is there.</summary>
internal sealed class Tool
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    private Tool(string path) => Path = path;

    public string Path { get; }

    /// <summary>Skips the test when the program is missing.</summary>
    public static Tool Find(string name)
    {
        var path = Folders.Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Ignore($"{name} is not installed");
        }

        return new Tool(path!);
    }

    public Process Start(params string[] arguments) => StartIn("", arguments);

    public Process StartIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end without input.</summary>
    public Task<(int Code, string Output, string Error)> RunAsync(CancellationToken cancellation, params string[] arguments) =>
        TellAsync("", cancellation, arguments);

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">All that it can read.</param>
    public async Task<(int Code, string Output, string Error)> TellAsync(string input, CancellationToken cancellation, params string[] arguments)
    {
        using var process = Start(arguments);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
