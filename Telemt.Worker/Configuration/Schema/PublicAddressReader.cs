using System.Diagnostics.CodeAnalysis;
using Telemt.Core.Settings;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>How the address of links is found.</summary>
internal sealed class PublicAddressReader : TextValueReader<PublicAddressSettings>
{
    public override string Expected => "\"auto\", an address, or a URL that answers one";

    protected override bool TryParse(string text, [NotNullWhen(true)] out PublicAddressSettings? value)
    {
        value = null;
        if (text == "auto")
        {
            value = new PublicAddressSettings(null, null);
        }
        else if (HostText.TryAddress(text, out var address))
        {
            value = new PublicAddressSettings(address, null);
        }
        else if (UrlReader.TryUrl(text, out var url))
        {
            value = new PublicAddressSettings(null, url);
        }

        return value is not null;
    }

    public override string Format(PublicAddressSettings value)
        => value.Address?.ToString() ?? value.LookupUrl?.GetLeftPart(UriPartial.Path) ?? "auto";
}
