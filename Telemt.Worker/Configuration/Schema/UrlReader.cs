using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>An http or https URL.</summary>
internal sealed class UrlReader : TextValueReader<Uri?>
{
    public override string Expected => "a URL such as \"https://example.com/path\"";

    public static bool TryUrl(string text, [NotNullWhen(true)] out Uri? url)
        => Uri.TryCreate(text, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Host.Length > 0;

    protected override bool TryParse(string text, [NotNullWhen(true)] out Uri? value) => TryUrl(text, out value);

    /// <summary>Without what may be a password.</summary>
    public override string Format(Uri? value) => value is null ? "none" : value.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
}
