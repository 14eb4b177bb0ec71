namespace Telemt.Core.Settings;

/// <summary>The route of sessions with an ad tag: [middle_proxy].</summary>
internal sealed record MiddleProxySettings
{
    /// <summary>As the file says; without a word, whether anybody has an ad tag.</summary>
    public bool Enabled { get; init; }

    /// <summary>Where the proxy secret is read from in place of <see cref="SecretUrl"/>.</summary>
    public string? SecretFile { get; init; }

    /// <summary>Where the list is read from in place of both URLs; may hold both families.</summary>
    public string? ConfigFile { get; init; }

    public Uri? SecretUrl { get; init; }

    public Uri? ConfigUrl { get; init; }

    public Uri? ConfigUrlV6 { get; init; }

    public TimeSpan Refresh { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Most bytes kept for one client that does not read.</summary>
    public long ClientQueue { get; init; } = 4 << 20;

    /// <summary>A session goes to its DC without the tag rather than nowhere.</summary>
    public bool FallbackDirect { get; init; } = true;
}
