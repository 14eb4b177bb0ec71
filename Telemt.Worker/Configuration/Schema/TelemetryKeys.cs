using System.Collections.Immutable;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [telemetry].</summary>
internal static class TelemetryKeys
{
    /// <summary>Left out, telemetry is off.</summary>
    public static readonly ConfigurationKey<Uri?> Endpoint = new("telemetry.endpoint", Readers.Url, null, Now, inUse: false);

    public static readonly ConfigurationKey<string> Protocol =
        new("telemetry.protocol", Readers.Words("grpc", "http/protobuf"), "grpc", Now, inUse: false);

    public static readonly ConfigurationKey<ImmutableArray<KeyValuePair<string, string?>>> Headers = new(
        "telemetry.headers",
        new MapReader<string?>(new TextReader("a header's value", 4096, hidden: true), "{ authorization = \"...\" }"),
        [],
        Now,
        inUse: false);

    public static readonly ConfigurationKey<TimeSpan> Interval =
        new("telemetry.interval", Readers.Interval, TimeSpan.FromSeconds(15), Now, inUse: false);

    public static readonly ConfigurationKey<bool> Traces = new("telemetry.traces", Readers.Flag, true, Now, inUse: false);
    public static readonly ConfigurationKey<double> Sample = new("telemetry.sample", new FractionReader(), 0.01, Now, inUse: false);

    public static readonly ConfigurationKey<string?> Service =
        new("telemetry.service", new TextReader("a name"), "telemt", Now, inUse: false);

    /// <summary>How many users get a label of their own.</summary>
    public static readonly ConfigurationKey<int> UserLabels = new("telemetry.user_labels", Readers.Count, 200, Now, inUse: false);
}
