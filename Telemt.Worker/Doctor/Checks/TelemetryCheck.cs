using System.Net.Sockets;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Whether somebody listens at the OTLP endpoint.</summary>
internal sealed class TelemetryCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "telemetry";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var variable = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");
        var endpoint = patient.Report.Options?.Table(ConfigurationSchema.Telemetry).Get(TelemetryKeys.Endpoint)
            ?? (Uri.TryCreate(variable, UriKind.Absolute, out var other) ? other : null);
        if (endpoint is null)
        {
            findings.Note("off: [telemetry] endpoint names no collector");
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port, limit.Token);
            findings.Good($"{endpoint.Host}:{endpoint.Port} takes connections");
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            findings.Warning(
                $"{endpoint.Host}:{endpoint.Port} cannot be reached: {(e is SocketException ? e.Message : "timed out")}",
                "start the collector there, or put its address into [telemetry] endpoint; the proxy serves its clients without it");
        }
    }
}
