using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Links;

namespace Telemt.Worker.Middle;

/// <summary>Which address of ours a middle proxy sees, by family (PROTOCOL F.4). Any thread may ask.</summary>
internal sealed class MiddleAddresses(IOptionsMonitor<ProxySettings> settings, PublicAddressService addresses)
{
    /// <param name="local">Of the connected socket; through SOCKS what the server said.</param>
    public IPAddress Ours(IPAddress middle, IPAddress local)
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
