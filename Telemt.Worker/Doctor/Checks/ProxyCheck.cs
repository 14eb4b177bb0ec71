using Telemt.Worker.Cli;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Whether a proxy runs by this file, and what it says of itself.</summary>
internal sealed class ProxyCheck : IDoctorCheck
{
    public string Name => "proxy";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        if (!patient.Settings.Control.Enabled)
        {
            findings.Note("its page is off, so that it cannot be asked how it is", "set [control] enabled = true");
            return;
        }

        if ((await patient.Running).Status is not { } status)
        {
            findings.Note($"none runs by this file, or its page at {patient.Settings.Control.Listen} does not answer");
            return;
        }

        findings.Good($"it runs: {status.Version}, {status.Sessions} sessions, settings {status.Revision}");
        foreach (var reason in status.Reasons)
        {
            var cure = reason.Cure ?? "see the page's events, or the log";
            if (reason.Severity == "bad")
            {
                findings.Error(reason.Text, cure);
            }
            else if (reason.Severity != StatusText.Well)
            {
                findings.Warning(reason.Text, cure);
            }
        }
    }
}
