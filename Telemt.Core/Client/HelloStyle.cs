namespace Telemt.Core.Client;

/// <summary>Whose ClientHello ours looks like (PROTOCOL D.1).</summary>
internal enum HelloStyle
{
    /// <summary>Chrome's, as clients send it today: 1.7 to 1.9 KB, extensions in random order, an ML-KEM share, a made-up ECH.</summary>
    Modern,

    /// <summary>Older clients' and probes': exactly 517 bytes, x25519 only.</summary>
    Legacy,

    /// <summary>As Modern, with the suites in the order of Apple's clients.</summary>
    Aes256First,

    /// <summary>As Modern, without HTTP/2.</summary>
    Http1,
}
