using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Host names, addresses and both with a port, as text.</summary>
internal static class HostText
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>IPv4 in its usual four parts, or IPv6 with or without brackets; an IPv4 address inside IPv6 becomes plain IPv4.</summary>
    public static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        var bare = text.Length > 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : text;
        var parts = bare.Contains(':') ? 4 : bare.Split('.').Length;
        if (parts != 4 || !IPAddress.TryParse(bare, out address) || (bare.Length != text.Length && !bare.Contains(':')))
        {
            // The platform also takes "1.2" and "16909060" for addresses; whoever writes that means something else.
            address = null;
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return true;
    }

    /// <summary>A host name, put in lower case and, beyond ASCII, in its xn-- form. Addresses are none.</summary>
    public static bool TryName(string text, [NotNullWhen(true)] out string? name)
    {
        name = null;
        var bare = text.EndsWith('.') ? text[..^1] : text;
        if (bare.Length is 0 or > MaxName)
        {
            return false;
        }

        try
        {
            bare = new IdnMapping { AllowUnassigned = true }.GetAscii(bare).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }

        var labels = bare.Split('.');
        if (bare.Length > MaxName || !labels.All(IsLabel) || labels[^1].All(char.IsAsciiDigit))
        {
            return false;
        }

        name = bare;
        return true;
    }

    /// <summary>"host:port", "1.2.3.4:port" or "[v6]:port".</summary>
    public static bool TryEndPoint(string text, [NotNullWhen(true)] out EndPoint? endPoint)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryPort(text.AsSpan(colon + 1), out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host.Contains(':') && host[0] != '[')
        {
            // An IPv6 address without brackets: where it ends and the port begins is anybody's guess.
            return false;
        }

        if (TryAddress(host, out var address))
        {
            endPoint = new IPEndPoint(address, port);
        }
        else if (TryName(host, out var name))
        {
            endPoint = new DnsEndPoint(name, port);
        }

        return endPoint is not null;
    }

    public static bool TryPort(ReadOnlySpan<char> text, out int port)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    public static string Format(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        _ => endPoint.ToString() ?? "",
    };

    /// <summary>An address as links and messages show it: IPv6 in brackets when a port follows.</summary>
    public static string WithPort(IPAddress address, int port)
        => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]:{port}" : $"{address}:{port}";

    private static bool IsLabel(string label)
        => label.Length is > 0 and <= MaxLabel && !label.AsSpan().ContainsAnyExcept(LabelCharacters) && label[0] != '-' && label[^1] != '-';
}
