using Telemt.Core;

namespace Telemt.Worker.Transport;

/// <summary>
/// An address as the kernel writes it:
/// <code>
/// struct sockaddr_in    family 2 | port 2 | address 4
/// struct sockaddr_in6   family 2 | port 2 | flow 4 | address 16
/// </code>
/// </summary>
internal static unsafe class SocketAddress
{
    /// <summary>Of struct sockaddr_un, the longest.</summary>
    public const int Room = 112;

    private const int Ipv6Offset = 8;

    /// <summary>The one of a unix socket is not known.</summary>
    public static ClientAddress Read(byte* address)
    {
        var port = (ushort)((address[2] << 8) | address[3]);
        switch (*(ushort*)address)
        {
            case Libc.AfInet:
                ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, address[4], address[5], address[6], address[7]];
                return new ClientAddress(mapped, port);
            case Libc.AfInet6:
                return new ClientAddress(new ReadOnlySpan<byte>(address + Ipv6Offset, 16), port);
            default:
                return default;
        }
    }
}
