using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Telemt.Worker.Configuration;
using Telemt.Worker.Doctor.Checks;

namespace Telemt.Worker.Doctor;

/// <summary>Runs every check at once, each within its time, and hands their findings back in a fixed order.</summary>
internal static class DoctorRunner
{
    private static readonly ImmutableArray<Func<IDoctorCheck>> Checks =
    [
        static () => new ProxyCheck(),
        static () => new DescriptorCheck(),
        static () => new PortCheck(),
        static () => new StateCheck(),
        static () => new ClockCheck(),
        static () => new NameCheck(),
        static () => new MaskCheck(),
        static () => new DcCheck(),
        static () => new MiddleCheck(),
        static () => new TelemetryCheck(),
        static () => new KernelCheck(),
    ];

    public static async Task<ImmutableArray<Finding>> RunAsync(
        ConfigurationReport report, DoctorSurroundings around, CancellationToken cancellation)
    {
        var configuration = ConfigurationFindings.Of(report);
        if (report.Settings is not { } settings)
        {
            return configuration;
        }

        var patient = new Patient(report, settings, around, cancellation);
        var found = await Task.WhenAll(Checks.Select(make => RunAsync(make(), patient, cancellation)));
        return [.. configuration, .. found.SelectMany(each => each)];
    }

    [SuppressMessage("Design", "CA1031", Justification = "One check's bug is told, and the other checks go on.")]
    private static async Task<Finding[]> RunAsync(IDoctorCheck check, Patient patient, CancellationToken cancellation)
    {
        var findings = new Findings(check.Name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patient.Around.Patience);
        try
        {
            // What does not listen to the token is left behind.
            await Task.Run(() => check.RunAsync(patient, findings, limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            findings.Warning($"not finished within {patient.Around.Patience.TotalSeconds} s", "look at this host's network and resolver, then ask again");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            findings.Error($"a bug of ours: {e.GetType().Name}: {e.Message}", "please report it");
        }

        return findings.ToArray();
    }
}
