using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Telemt.Core.Settings;

/// <summary>A way towards Telegram.</summary>
internal sealed record UpstreamSettings
{
    /// <summary>The group of upstreams, users and policies that name none.</summary>
    public const string DefaultGroup = "default";

    /// <summary>The group that stands in where a session's own group reaches a DC by no way.</summary>
    public const string FallbackGroup = "fallback";

    public required string Name { get; init; }
    public required UpstreamKind Kind { get; init; }

    /// <summary>host:port of a SOCKS server; null when direct.</summary>
    public string? Address => Server switch
    {
        null => null,
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        var address => address.ToString(),
    };

    /// <summary>The SOCKS server, by address or name; null when direct.</summary>
    public EndPoint? Server { get; init; }

    /// <summary>Local addresses or devices that its sockets are bound to, in turn; none leaves them free.</summary>
    public ImmutableArray<LocalBinding> Bindings { get; init; } = [];

    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? UserId { get; init; }

    /// <summary>Share of the sessions of its group; 0 is used only when no other answers.</summary>
    public int Weight { get; init; } = 1;

    public bool Enabled { get; init; } = true;
    public string Group { get; init; } = DefaultGroup;

    /// <summary>Whether it reaches IPv6 targets; null leaves that to be found by trying.</summary>
    public bool? Ipv6 { get; init; }

    public UpstreamIdentity Identity => new(Kind, Address, string.Join(',', Bindings), Username, Password, UserId);

    /// <summary>Whether there is any sense in asking it for this target.</summary>
    public bool Reaches(EndPoint target)
    {
        var family = target.AddressFamily;
        if (family is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            // A name: whoever looks it up finds an address that fits.
            return true;
        }

        if (family == AddressFamily.InterNetworkV6 && (Ipv6 == false || Kind == UpstreamKind.Socks4))
        {
            return false;
        }

        return Kind != UpstreamKind.Direct || Bindings.IsEmpty || Bindings.Any(binding => binding.Fits(family));
    }

    public bool Equals(UpstreamSettings? other) => other is not null
        && Identity == other.Identity
        && (Name, Weight, Enabled, Group, Ipv6) == (other.Name, other.Weight, other.Enabled, other.Group, other.Ipv6);

    public override int GetHashCode() => HashCode.Combine(Identity, Name, Weight, Enabled, Group, Ipv6);

    /// <summary>Without what it takes to log in.</summary>
    public override string ToString() => $"{Name} ({Identity})";
}
