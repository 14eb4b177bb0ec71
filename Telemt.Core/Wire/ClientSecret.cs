namespace Telemt.Core.Wire;

/// <summary>A secret as a client holds it (PROTOCOL A): the key, and the way that the client is to come in.</summary>
internal sealed record ClientSecret
{
    /// <summary>Longest domain of an ee secret, in bytes.</summary>
    public const int MaxDomain = 182;

    private ClientSecret(Secret key, ClientMode mode, string domain)
    {
        Key = key;
        Mode = mode;
        Domain = domain;
    }

    public Secret Key { get; }

    public ClientMode Mode { get; }

    /// <summary>
    /// The SNI name of an ee secret, one char for each byte (clients do not ask whether it is ASCII); empty in the other modes.
    /// </summary>
    public string Domain { get; }

    public static ClientSecret Classic(Secret key) => new(key, ClientMode.Classic, "");

    public static ClientSecret Secure(Secret key) => new(key, ClientMode.Secure, "");

    /// <param name="domain">1 to <see cref="MaxDomain"/> chars, none above U+00FF.</param>
    public static ClientSecret Tls(Secret key, string domain)
    {
        ArgumentOutOfRangeException.ThrowIfZero(domain.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(domain.Length, MaxDomain);
        if (domain.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
        {
            throw new ArgumentException("a domain is bytes: a name beyond ASCII is written in its xn-- form", nameof(domain));
        }

        return new ClientSecret(key, ClientMode.Tls, domain);
    }

    /// <param name="domain">Used in mode <see cref="ClientMode.Tls"/> only.</param>
    public static ClientSecret For(Secret key, ClientMode mode, string domain) => mode switch
    {
        ClientMode.Classic => Classic(key),
        ClientMode.Secure => Secure(key),
        _ => Tls(key, domain),
    };

    public override string ToString() => $"({Mode} secret)";
}
