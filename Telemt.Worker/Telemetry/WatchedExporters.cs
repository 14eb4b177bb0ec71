using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Telemt.Worker.Telemetry;

internal sealed class WatchedMetricExporter(OtlpExporterOptions options, ExportWatch watch) : OtlpMetricExporter(options)
{
    public override ExportResult Export(in Batch<Metric> batch) => watch.Note(base.Export(batch));
}

internal sealed class WatchedTraceExporter(OtlpExporterOptions options, ExportWatch watch) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> batch) => watch.Note(base.Export(batch));
}
