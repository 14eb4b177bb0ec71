using System.Collections.Immutable;
using Telemt.Core.Settings;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [logging].</summary>
internal static class LoggingKeys
{
    private static readonly ValueReader<LogThreshold> Threshold = new ChoiceReader<LogThreshold>(
        ("trace", LogThreshold.Trace),
        ("debug", LogThreshold.Debug),
        ("info", LogThreshold.Information),
        ("information", LogThreshold.Information),
        ("warn", LogThreshold.Warning),
        ("warning", LogThreshold.Warning),
        ("error", LogThreshold.Error),
        ("critical", LogThreshold.Critical),
        ("off", LogThreshold.None),
        ("none", LogThreshold.None));

    public static readonly ConfigurationKey<LogThreshold> Level = new("logging.level", Threshold, LogThreshold.Information, Now);

    public static readonly ConfigurationKey<ImmutableArray<KeyValuePair<string, LogThreshold>>> Levels = new(
        "logging.levels", new MapReader<LogThreshold>(Threshold, "{ \"Telemt.Worker.Sessions\" = \"debug\" }"), [], Now);

    public static readonly ConfigurationKey<LogFormat> Format = new(
        "logging.format",
        new ChoiceReader<LogFormat>(
            ("auto", LogFormat.Auto), ("plain", LogFormat.Plain), ("systemd", LogFormat.Systemd), ("json", LogFormat.Json)),
        LogFormat.Auto,
        Now);

    public static readonly ConfigurationKey<ClientIps> ClientIps = new(
        "logging.client_ips",
        new ChoiceReader<ClientIps>(
            ("full", Core.Settings.ClientIps.Full), ("prefix", Core.Settings.ClientIps.Prefix), ("none", Core.Settings.ClientIps.None)),
        Core.Settings.ClientIps.Full,
        Now);
}
