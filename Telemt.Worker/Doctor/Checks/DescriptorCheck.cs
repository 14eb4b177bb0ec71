using System.Globalization;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Two descriptors a session: what the limit of the running proxy, or of this shell, is good for.</summary>
internal sealed class DescriptorCheck : IDoctorCheck
{
    private const int PerSession = 2;
    private const long Few = 8192;
    private const string Cure = "LimitNOFILE=1048576 in the unit (the release's telemt.service has it), or ulimit -n in the shell that starts it";

    public string Name => "descriptors";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            findings.Error("the proxy runs on Linux only", "run it there");
            return;
        }

        var running = (await patient.Running).Status;
        var limit = running?.Process.FileLimit ?? HostLimits.Descriptors();
        var whose = running is null ? "of this shell; the service's is its unit's" : "of the running proxy";
        var wanted = patient.Settings.Limits.MaxConnections;
        var text = string.Create(CultureInfo.InvariantCulture, $"{limit} ({whose}): about {limit / PerSession} sessions");
        if (wanted > 0 && (long)wanted * PerSession > limit)
        {
            findings.Error($"{text}, and limits.max_connections is {wanted}", Cure);
        }
        else if (limit < Few)
        {
            findings.Warning(text, Cure);
        }
        else
        {
            findings.Good(text);
        }
    }
}
