using System.Text.Json;
using System.Text.Json.Serialization;
using Telemt.Worker.Control.Http;

namespace Telemt.Worker.Control.Api;

// What the API answers: the shapes that openapi.json describes. Names are written in snake_case, as in telemt.toml; times are ISO 8601,
// UTC; sizes are bytes, rates per second. What this build does not know is null.

internal sealed record StatusDocument
{
    public required string Version { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required long Revision { get; init; }
    public required string File { get; init; }
    public required string Health { get; init; }
    public required ReasonDocument[] Reasons { get; init; }
    public required int Sessions { get; init; }
    public required int Handshakes { get; init; }
    public required int Masked { get; init; }
    public required UserCounts Users { get; init; }
    public required TotalDocument Totals { get; init; }
    public required RateDocument Rates { get; init; }
    public required Dictionary<string, long> Refusals { get; init; }
    public required Dictionary<string, long> Ends { get; init; }
    public required ProcessDocument Process { get; init; }
    public required EditsDocument Edits { get; init; }
    public required long LastEvent { get; init; }
}

internal sealed record ReasonDocument(string Severity, string Text, string? Cure);

internal sealed record UserCounts(int Total, int Enabled, int? Active);

internal sealed record TotalDocument(long Accepted, long Admitted, long Masked, long Evicted, long Refused, long BytesUp, long BytesDown);

internal sealed record RateDocument(double BytesUp, double BytesDown, double Admitted, double Refused);

/// <param name="HeldBytes">In relay buffers, for slow readers.</param>
/// <param name="LoopLag">Of the slowest loop, milliseconds.</param>
internal sealed record ProcessDocument(int Loops, int StuckLoops, double LoopLag, long HeldBytes, long MemoryBytes, int OpenFiles, long FileLimit);

/// <param name="WhyNot">Null when edits are possible.</param>
internal sealed record EditsDocument(bool Allowed, string? WhyNot);

/// <summary>Columns of equal length, oldest first.</summary>
internal sealed record HistoryDocument
{
    public required int Step { get; init; }
    public required long[] At { get; init; }
    public required int[] Sessions { get; init; }
    public required int[] Handshakes { get; init; }
    public required int[] Masked { get; init; }
    public required double[] BytesUp { get; init; }
    public required double[] BytesDown { get; init; }
    public required double[] Admitted { get; init; }
    public required double[] Refused { get; init; }
    public required double[] LoopLag { get; init; }
}

internal sealed record UserDocument
{
    public required string Name { get; init; }

    /// <summary>"enabled", "disabled", "expired" or "spent".</summary>
    public required string State { get; init; }

    public required bool Enabled { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public int? MaxConnections { get; init; }
    public int? MaxIps { get; init; }
    public double? IpWindow { get; init; }
    public long? Quota { get; init; }
    public required string QuotaPeriod { get; init; }
    public long? Rate { get; init; }
    public string? Upstreams { get; init; }
    public bool HasAdTag { get; init; }
    public int? Sessions { get; init; }
    public int? Addresses { get; init; }
    public long? Bytes { get; init; }
    public long? PeriodBytes { get; init; }
    public DateTimeOffset? QuotaResetsAt { get; init; }
    public required string Etag { get; init; }
}

internal sealed record LinksDocument(string User, LinkDocument[] Links, string? Problem);

/// <param name="Qr">A path for an SVG of <paramref name="QrSize"/> units, quiet zone included.</param>
internal sealed record LinkDocument(string Mode, string? Domain, string Server, int Port, string Tg, string Https, string Qr, int QrSize);

internal sealed record EventDocument(long Id, DateTimeOffset At, string Level, int Code, string Room, string Text);

internal sealed record EventsDocument(EventDocument[] Events);

/// <summary>Written at build time, so that nothing is looked up by reflection when the program is trimmed.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(UserDocument))]
[JsonSerializable(typeof(LinksDocument))]
[JsonSerializable(typeof(EventsDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(RoutesDocument))]
[JsonSerializable(typeof(ClientsDocument))]
[JsonSerializable(typeof(RefusalsDocument))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ControlJson : JsonSerializerContext;
