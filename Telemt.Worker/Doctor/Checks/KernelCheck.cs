using System.Globalization;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Compares the kernel's limits with the advice of deploy/60-telemt.conf, which is part of the program.</summary>
internal sealed class KernelCheck : IDoctorCheck
{
    private const string Advice = "60-telemt.conf";

    public string Name => "kernel";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        using var stream = typeof(KernelCheck).Assembly.GetManifestResourceStream(Advice)
            ?? throw new InvalidOperationException("The build left the kernel's settings out.");
        using var reader = new StreamReader(stream);
        var below = new List<string>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Split('=', 2) is not [var key, var wanted] || line.StartsWith('#'))
            {
                continue;
            }

            var path = Path.Combine(patient.Around.Kernel, key.Trim().Replace('.', '/'));
            if (Read(path) is { } present && !Suffices(Words(present), Words(wanted), key.Contains("port_range", StringComparison.Ordinal)))
            {
                below.Add($"{key.Trim()} = {string.Join(' ', Words(present))} ({string.Join(' ', Words(wanted))})");
            }
        }

        if (below.Count == 0)
        {
            findings.Good("its limits are those of 60-telemt.conf, or above");
        }
        else
        {
            findings.Note(
                $"for thousands of phones, in brackets what is advised: {string.Join(", ", below)}",
                "copy the release's 60-telemt.conf to /etc/sysctl.d/ and run sysctl --system; below a thousand phones these do");
        }
    }

    /// <summary>A container may hide what it cannot change.</summary>
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Of numbers the last counts, as the most; a range begins no later either. 0 and words are to be the same.</summary>
    private static bool Suffices(string[] present, string[] wanted, bool isRange)
    {
        if (!Number(wanted[^1], out var most) || most == 0)
        {
            return present.SequenceEqual(wanted);
        }

        return present.Length == wanted.Length
            && Number(present[^1], out var actual)
            && actual >= most
            && (!isRange || (Number(present[0], out var first) && Number(wanted[0], out var last) && first <= last));
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
