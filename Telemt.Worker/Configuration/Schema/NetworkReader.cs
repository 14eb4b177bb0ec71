using System.Net;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A network in CIDR form, or a single address.</summary>
internal sealed class NetworkReader : TextValueReader<IPNetwork>
{
    public override string Expected => "a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", or an address";

    protected override bool TryParse(string text, out IPNetwork value)
    {
        value = default;
        if (HostText.TryAddress(text, out var address))
        {
            value = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return text.Contains('/') && HostText.TryAddress(text[..text.IndexOf('/')], out _) && IPNetwork.TryParse(text, out value);
    }

    protected override string Refusal(string text)
        => text.IndexOf('/') is > 0 and var slash
            && HostText.TryAddress(text[..slash], out var address)
            && int.TryParse(text.AsSpan(slash + 1), out var length)
            && length >= 0 && length <= address.GetAddressBytes().Length * 8
                ? $"{base.Refusal(text)}: bits are set beyond its first {length}"
                : base.Refusal(text);
}
