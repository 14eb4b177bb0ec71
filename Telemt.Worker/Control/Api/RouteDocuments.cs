namespace Telemt.Worker.Control.Api;

internal sealed record RoutesDocument(UpstreamDocument[] Upstreams);

/// <summary>State is "unknown", "up" or "down", here and of a path.</summary>
internal sealed record UpstreamDocument
{
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required string? Address { get; init; }
    public required string Group { get; init; }
    public required int Weight { get; init; }

    /// <summary>Gone from the file; its last sessions still run.</summary>
    public required bool Draining { get; init; }

    public required string State { get; init; }
    public required DateTimeOffset? Since { get; init; }
    public required int Sessions { get; init; }
    public required long Chosen { get; init; }
    public required long Failed { get; init; }
    public required string? LastError { get; init; }
    public required DateTimeOffset? LastErrorAt { get; init; }
    public required PathDocument[] Paths { get; init; }
}

internal sealed record PathDocument
{
    public required short Dc { get; init; }
    public required string Address { get; init; }
    public required string Family { get; init; }
    public required string State { get; init; }
    public required DateTimeOffset? Since { get; init; }

    /// <summary>In a row, up to now.</summary>
    public required int Failures { get; init; }

    public required long Mute { get; init; }
    public required string? LastError { get; init; }
    public required DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Of the last 128; null before the first.</summary>
    public required LatencyDocument? Connect { get; init; }

    /// <summary>Of probes.</summary>
    public required LatencyDocument? Answer { get; init; }
}

/// <summary>Milliseconds.</summary>
internal sealed record LatencyDocument(double P50, double P90, double P99);

/// <param name="Networks">The hundred with most sessions.</param>
/// <param name="Failures">Since the start; every cause there is.</param>
/// <param name="Skews">Since the start.</param>
internal sealed record ClientsDocument(
    ExperienceDocument[] Modes, ExperienceDocument[] Dcs, ExperienceDocument[] Networks, FailureDocument[] Failures, SkewDocument[] Skews);

/// <summary>One kind of client in the last half hour to hour; times in milliseconds from the handshake to the data centre's first byte.</summary>
/// <param name="Unanswered">Sessions that ended without a byte from the data centre.</param>
/// <param name="Stalled">Sessions that ended since the client did not read.</param>
internal sealed record ExperienceDocument(string Name, long Answered, double? P50, double? P90, double? P99, long Unanswered, long Stalled);

internal sealed record FailureDocument(string Stage, string Cause, long Count);

/// <param name="Seconds">At least so far behind our clock; below zero ahead; 0: right.</param>
internal sealed record SkewDocument(int Seconds, long Count);

/// <param name="Classes">Since the start; every class there is.</param>
/// <param name="Sources">The hundred most frequent; "other" for those without a row of their own.</param>
/// <param name="Hellos">The hundred most frequent, those of clients first.</param>
/// <param name="Flights">Since the start.</param>
internal sealed record RefusalsDocument(StrangerDocument[] Classes, SourceDocument[] Sources, HelloDocument[] Hellos, FlightDocument[] Flights);

/// <param name="Group">Of the key in our ServerHello.</param>
/// <param name="Abandoned">Answered, and nothing came behind it: many of one group mean that clients, or the way to them, do not bear it.</param>
internal sealed record FlightDocument(string Group, long Answered, long Abandoned);

internal sealed record StrangerDocument(string Class, long Count);

/// <param name="Network">IPv4 by /24, IPv6 by /48.</param>
internal sealed record SourceDocument(string Network, string Class, long Count, DateTimeOffset LastAt);

/// <param name="Accepted">Answered as a client's.</param>
/// <param name="Refused">Handed to the mask host, or dropped.</param>
internal sealed record HelloDocument(string Ja4, long Accepted, long Refused, DateTimeOffset LastAt);
