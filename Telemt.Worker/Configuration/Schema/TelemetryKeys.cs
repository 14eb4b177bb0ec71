using System.Collections.Immutable;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [telemetry].</summary>
internal static class TelemetryKeys
{
    public const string Grpc = "grpc";

    /// <summary>Left out, telemetry is off, but for what OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
    public static readonly ConfigurationKey<Uri?> Endpoint = new("telemetry.endpoint", Readers.Url, null, Now);

    public static readonly ConfigurationKey<string> Protocol =
        new("telemetry.protocol", Readers.Words(Grpc, "http/protobuf"), Grpc, Now);

    public static readonly ConfigurationKey<ImmutableArray<KeyValuePair<string, string?>>> Headers = new(
        "telemetry.headers",
        new MapReader<string?>(new TextReader("a header's value", 4096, hidden: true), "{ authorization = \"...\" }"),
        [],
        Now);

    public static readonly ConfigurationKey<TimeSpan> Interval =
        new("telemetry.interval", Readers.Interval, TimeSpan.FromSeconds(15), Now);

    public static readonly ConfigurationKey<bool> Traces = new("telemetry.traces", Readers.Flag, true, Now);
    public static readonly ConfigurationKey<double> Sample = new("telemetry.sample", new FractionReader(), 0.01, Now);

    public static readonly ConfigurationKey<string?> Service =
        new("telemetry.service", new TextReader("a name"), "telemt", Now);

    /// <summary>How many users get a label of their own.</summary>
    public static readonly ConfigurationKey<int> UserLabels = new("telemetry.user_labels", Readers.Count, 200, Now);
}
