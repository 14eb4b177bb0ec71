using System.Net;
using System.Net.NetworkInformation;

namespace Telemt.Worker.Configuration;

/// <summary>Reads the facts of the host that we run on.</summary>
internal static class SystemHostFacts
{
    private const string StateVariable = "STATE_DIRECTORY";

    /// <summary>Read anew for each load: addresses come and go.</summary>
    public static HostFacts Read()
    {
        // Several directories are separated by colons; the first is the unit's main one.
        var state = Environment.GetEnvironmentVariable(StateVariable)?.Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return new HostFacts([.. Addresses()], state);
    }

    private static List<IPAddress> Addresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(device => device.GetIPProperties().UnicastAddresses)
                .Select(address => address.Address)];
        }
        catch (NetworkInformationException)
        {
            // A container may hide its devices; the dial still looks for a loop.
            return [];
        }
    }
}
