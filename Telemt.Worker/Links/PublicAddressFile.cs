using System.Net;
using System.Net.Sockets;

namespace Telemt.Worker.Links;

/// <summary>The last addresses that were found, kept in the state folder: one a line.</summary>
internal static class PublicAddressFile
{
    private const string Name = "public-address";

    /// <returns><see cref="PublicAddresses.Unknown"/> when there is none that can be read.</returns>
    public static PublicAddresses Read(string? state)
    {
        if (state is null)
        {
            return PublicAddresses.Unknown;
        }

        var found = PublicAddresses.Unknown;
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(state, Name)).Take(2))
            {
                if (IPAddress.TryParse(line.Trim(), out var address) && PublicRange.Contains(address))
                {
                    found = address.AddressFamily == AddressFamily.InterNetwork
                        ? found with { V4 = address }
                        : found with { V6 = address };
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing was kept.
        }

        return found;
    }

    /// <returns>False when the folder cannot be written.</returns>
    public static bool TryWrite(string state, PublicAddresses addresses)
    {
        var path = Path.Combine(state, Name);
        try
        {
            Directory.CreateDirectory(state);

            // Whole or not at all: the rename takes the new file in place of the old one.
            File.WriteAllLines(path + ".new", new[] { addresses.V4, addresses.V6 }.OfType<IPAddress>().Select(address => address.ToString()));
            File.Move(path + ".new", path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
