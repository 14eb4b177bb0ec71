using Telemt.Core.Status;

namespace Telemt.Worker.Cli;

/// <summary>A link and what its data centres answered.</summary>
internal sealed record LinkReport(ProxyLink Link, IReadOnlyList<PingResult> Results);

/// <summary>One way through a proxy to a data centre. Times count from the start of their own phase.</summary>
internal sealed record PingResult(short Dc)
{
    /// <summary>Until the connection stood; names are looked up before.</summary>
    public TimeSpan? Connect { get; init; }

    /// <summary>Until the proxy's ServerHello was checked; null outside fake TLS, where a proxy says nothing of its own.</summary>
    public TimeSpan? Handshake { get; init; }

    /// <summary>From the question to the data centre's answer.</summary>
    public TimeSpan? Answer { get; init; }

    /// <summary>What went wrong, with a cure where there is one.</summary>
    public string? Problem { get; init; }

    public bool IsGood => Problem is null;
}
