using System.Net;

namespace Telemt.Core.Middle;

/// <summary>
/// Both ends of a connection to a middle proxy as that one sees them (PROTOCOL F.4): behind address translation ours is the public
/// address, through SOCKS the address that the SOCKS server goes out by.
/// </summary>
internal readonly record struct MiddleEnds
{
    public MiddleEnds(IPEndPoint ours, IPEndPoint middle)
    {
        Ours = Unmapped(ours);
        Middle = Unmapped(middle);
        if (Ours.AddressFamily != Middle.AddressFamily)
        {
            throw new ArgumentException("one connection has one family", nameof(ours));
        }
    }

    public IPEndPoint Ours { get; }

    public IPEndPoint Middle { get; }

    private static IPEndPoint Unmapped(IPEndPoint end) =>
        end.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(end.Address.MapToIPv4(), end.Port) : end;
}
