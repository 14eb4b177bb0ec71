using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Dialing;
using Telemt.Worker.Links;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>Which address of ours a middle proxy sees, by family (PROTOCOL F.4). Any thread may ask.</summary>
internal sealed class MiddleAddresses(IOptionsMonitor<ProxySettings> settings, PublicAddressService addresses)
{
    /// <summary>Through SOCKS it is what the server says it goes out by; null when it does not say.</summary>
    public IPEndPoint? Ours(IPEndPoint middle, LoopSocket socket, in DialResult way)
    {
        if (way.Route!.Upstream.Settings.Kind == UpstreamKind.Direct)
        {
            return socket.LocalEndPoint is { } local ? new IPEndPoint(Ours(middle.Address, local.Address), local.Port) : null;
        }

        if (way.Bound is not IPEndPoint { Port: > 0 } bound)
        {
            return null;
        }

        var address = bound.Address.IsIPv4MappedToIPv6 ? bound.Address.MapToIPv4() : bound.Address;
        return address.AddressFamily != middle.AddressFamily || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? null
            : new IPEndPoint(PublicRange.Contains(address) ? address : Ours(middle.Address, address), bound.Port);
    }

    /// <param name="local">Where the connection leaves from.</param>
    private IPAddress Ours(IPAddress middle, IPAddress local)
    {
        var now = settings.CurrentValue;
        if (IPAddress.IsLoopback(middle))
        {
            return local;
        }

        // What the operator says counts; a routed address needs nobody to say anything; the rest is what others told us.
        if (now.PublicAddress.Address is { } said && said.AddressFamily == local.AddressFamily)
        {
            return said;
        }

        if (PublicRange.Contains(local))
        {
            return local;
        }

        var known = addresses.For(now);
        return (local.AddressFamily == AddressFamily.InterNetwork ? known.V4 : known.V6) ?? local;
    }
}
