using System.Net;
using System.Net.Sockets;

namespace Telemt.Core.Settings;

/// <summary>What a socket towards Telegram is bound to: an address of this host, or a device (SO_BINDTODEVICE); neither leaves it free.</summary>
internal readonly record struct LocalBinding(IPAddress? Address, string? Device)
{
    public bool IsFree => Address is null && Device is null;

    /// <summary>A device has addresses of both families, or so we hope.</summary>
    public bool Fits(AddressFamily family) => Address is null || Address.AddressFamily == family;

    public override string ToString() => Device ?? Address?.ToString() ?? "any";
}
