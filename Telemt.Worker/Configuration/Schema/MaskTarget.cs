using System.Net;
using Telemt.Core.Settings;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A policy's mask as <see cref="MaskTargetReader"/> lets it through, made into settings.</summary>
internal static class MaskTarget
{
    public const string On = "true";
    public const string Off = "false";

    /// <param name="general">Where everybody goes: gives what the target leaves open.</param>
    public static MaskSettings Of(string target, MaskSettings general) => target switch
    {
        On => general with { Enabled = true },
        Off => general with { Enabled = false },
        _ when target.StartsWith('/') => general with { Enabled = true, Host = target },
        _ when HostText.TryAddress(target, out var address) => general with { Enabled = true, Host = address.ToString() },
        _ when HostText.TryEndPoint(target, out var endPoint) => Of(endPoint),
        _ => general with { Enabled = true, Host = HostText.TryName(target, out var name) ? name : target },
    };

    private static MaskSettings Of(EndPoint endPoint) => endPoint is IPEndPoint address
        ? new MaskSettings(true, address.Address.ToString(), address.Port)
        : new MaskSettings(true, ((DnsEndPoint)endPoint).Host, ((DnsEndPoint)endPoint).Port);
}
