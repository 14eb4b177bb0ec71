using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;

namespace Telemt.Worker.Sessions;

/// <summary>The addresses of this host, read again at most once a minute.</summary>
internal sealed class LocalAddresses(TimeProvider clock)
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);

    private Snapshot? _present;

    public bool Contains(IPAddress address) => IPAddress.IsLoopback(address) || Read().Contains(address);

    public FrozenSet<IPAddress> Read()
    {
        var present = Volatile.Read(ref _present);
        if (present is null || clock.GetElapsedTime(present.At) > Keep)
        {
            present = new Snapshot(clock.GetTimestamp(), Look());
            Volatile.Write(ref _present, present);
        }

        return present.Addresses;
    }

    private static FrozenSet<IPAddress> Look()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(device => device.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .ToFrozenSet();
        }
        catch (NetworkInformationException)
        {
            return FrozenSet<IPAddress>.Empty;
        }
    }

    private sealed record Snapshot(long At, FrozenSet<IPAddress> Addresses);
}
