namespace Telemt.Core.Wire;

/// <summary>How a client came in.</summary>
internal enum ClientMode : byte
{
    Classic,
    Secure,
    Tls,
}
