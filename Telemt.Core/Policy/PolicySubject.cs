using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>Whom a policy is asked about.</summary>
/// <param name="User">Null for who has shown no secret.</param>
/// <param name="Sni">In lower case; null without fake TLS or without a name.</param>
internal readonly record struct PolicySubject(UserSettings? User, string? Sni, ClientAddress Source);
