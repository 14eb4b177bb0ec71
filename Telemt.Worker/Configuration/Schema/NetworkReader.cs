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

        // The platform forgives bits beyond the prefix; whoever wrote them meant one address, or another network.
        var slash = text.IndexOf('/');
        return slash > 0
            && HostText.TryAddress(text[..slash], out address)
            && IPNetwork.TryParse(text, out value)
            && value.BaseAddress.Equals(address);
    }

    protected override string Refusal(string text)
        => IPNetwork.TryParse(text, out var near) ? $"{base.Refusal(text)}: did you mean \"{near}\"?" : base.Refusal(text);
}
