using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Telemt.Core.Settings;

namespace Telemt.Worker.Telemetry;

/// <summary>What sends metrics, traces and logs to one collector, on threads of its own. What it cannot send in time it drops.</summary>
internal sealed class TelemetryPipeline : IDisposable
{
    private const int ExportMilliseconds = 5000;
    private const int EndMilliseconds = 1000;

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    private TelemetryPipeline(MeterProvider metrics, TracerProvider? traces, ILoggerFactory logs) => (_metrics, _traces, Logs) = (metrics, traces, logs);

    /// <summary>Where logs are to go. What is logged has passed the filters of [logging] before.</summary>
    public ILoggerFactory Logs { get; }

    /// <summary>There is somewhere to send to.</summary>
    public static bool IsWanted(TelemetrySettings settings, OtelVariables variables) =>
        !variables.IsDisabled && (settings.Endpoint is not null || variables.HasEndpoint);

    public static TelemetryPipeline Start(TelemetrySettings settings, OtelVariables variables, ILogger log)
    {
        // The service manager's own environment names the service for all that it starts; what the file says is about this one.
        var resource = ResourceBuilder.CreateDefault();
        if (settings.Service != TelemetrySettings.DefaultService || !variables.HasService)
        {
            resource.AddService(settings.Service, serviceVersion: typeof(TelemetryPipeline).Assembly.GetName().Version?.ToString(3));
        }

        var options = Options(settings, "v1/metrics");
        var watch = new ExportWatch(EndpointOf(options), log);
        log.TelemetryOn(EndpointOf(options), options.Protocol == OtlpExportProtocol.Grpc ? "gRPC" : "HTTP");
        var reader = new PeriodicExportingMetricReader(
            new WatchedMetricExporter(options, watch), (int)settings.Interval.TotalMilliseconds, ExportMilliseconds);
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(ProxyMetrics.MeterName, "System.Runtime")
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(reader)
            .Build();
        var traces = !settings.Traces ? null : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(SessionTelemetry.SourceName)
            .SetSampler(new AlwaysOnSampler())
            .AddProcessor(new BatchActivityExportProcessor(new WatchedTraceExporter(Options(settings, "v1/traces"), watch)))
            .Build();
        var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(sink =>
        {
            sink.IncludeFormattedMessage = true;
            sink.SetResourceBuilder(resource).AddProcessor(new BatchLogRecordExportProcessor(new OtlpLogExporter(Options(settings, "v1/logs"))));
        }));
        return new TelemetryPipeline(metrics, traces, logs);
    }

    /// <summary>Sends what there is, for a second at most.</summary>
    public void Dispose()
    {
        _traces?.Shutdown(EndMilliseconds);
        _metrics.Shutdown(EndMilliseconds);
        _traces?.Dispose();
        _metrics.Dispose();
        Logs.Dispose();
    }

    private static string EndpointOf(OtlpExporterOptions options) => options.Endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>What the file does not say, the SDK takes from the environment.</summary>
    private static OtlpExporterOptions Options(TelemetrySettings settings, string signal)
    {
        var options = new OtlpExporterOptions { TimeoutMilliseconds = ExportMilliseconds };
        if (settings.Endpoint is { } endpoint)
        {
            options.Protocol = settings.IsGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = settings.IsGrpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{signal}");
        }

        if (settings.Headers.Length > 0)
        {
            options.Headers = settings.Headers;
        }

        return options;
    }
}
