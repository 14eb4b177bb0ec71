using System.Diagnostics;
using System.Globalization;

namespace Telemt.Bench.Kernels;

/// <summary>What <c>openssl speed</c> says of this host, where it is installed.</summary>
internal static class OpensslSpeed
{
    /// <summary>GB/s of AES-256-CTR at this chunk size; null without openssl.</summary>
    public static double? AesCtr(int size, int seconds)
    {
        var start = new ProcessStartInfo("openssl")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "speed", "-mr", "-seconds", $"{seconds}", "-bytes", $"{size}", "-evp", "aes-256-ctr" },
        };
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();

            // Machine-readable: +F:22:AES-256-CTR:2412345678.90 (bytes a second).
            var line = output.Split('\n').LastOrDefault(text => text.StartsWith("+F:", StringComparison.Ordinal));
            return line is null ? null : double.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture) / 1e9;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
