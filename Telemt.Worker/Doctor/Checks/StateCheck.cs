namespace Telemt.Worker.Doctor.Checks;

/// <summary>The folder for what outlives the process: writes a file, and takes it away.</summary>
internal sealed class StateCheck : IDoctorCheck
{
    public string Name => "state";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        if (patient.Settings.State is not { } folder)
        {
            findings.Note(
                "this file and this shell name none: a proxy started so forgets quotas and seen hellos at its end",
                "set state = \"/var/lib/telemt\"; under systemd the unit's StateDirectory does the same");
            return;
        }

        var path = Path.Combine(folder, $"doctor-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(path, "telemt doctor\n", cancellation);
            File.Delete(path);
            findings.Good($"{folder} can be written by {Environment.UserName}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Error(
                $"{folder} cannot be written by {Environment.UserName}: {e.Message}",
                "give the user that telemt runs as the folder (chown), free the disk, or name another in state");
        }
    }
}
