namespace Telemt.Core.Settings;

/// <summary>
/// What makes two upstreams the same way, so that an edit of name, weight or group keeps what is known of its health.
/// </summary>
internal readonly record struct UpstreamIdentity(
    UpstreamKind Kind, string? Address, string Bindings, string? Username, string? Password, string? UserId)
{
    /// <summary>Without what it takes to log in.</summary>
    public override string ToString() => $"{Kind} {Address}{Bindings}";
}
