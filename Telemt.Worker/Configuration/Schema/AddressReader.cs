using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>An IPv4 or IPv6 address.</summary>
internal sealed class AddressReader : TextValueReader<IPAddress?>
{
    public override string Expected => "an address such as \"192.0.2.1\" or \"2001:db8::1\"";

    protected override bool TryParse(string text, [NotNullWhen(true)] out IPAddress? value) => HostText.TryAddress(text, out value);
}
