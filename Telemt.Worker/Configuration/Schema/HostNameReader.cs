using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A host name, in lower case and punycode when read.</summary>
/// <param name="maxLength">In bytes; an ee secret holds 182 (PROTOCOL A).</param>
internal sealed class HostNameReader(int maxLength = 253, bool wildcard = false) : TextValueReader<string?>
{
    public override string Expected => wildcard ? "a host name such as \"www.example.com\" or \"*.example.com\"" : "a host name such as \"www.example.com\"";

    protected override string Refusal(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) || text.Contains('/'))
        {
            return $"{base.Refusal(text)}: a URL is no host name";
        }

        if (HostText.TryAddress(text, out _))
        {
            return $"{base.Refusal(text)}: an address is no host name";
        }

        return HostText.TryName(text, out _) ? $"is longer than {maxLength} bytes" : $"\"{text}\" is no host name";
    }

    protected override bool TryParse(string text, [NotNullWhen(true)] out string? value)
    {
        var star = wildcard && text.StartsWith("*.", StringComparison.Ordinal);
        if (!HostText.TryName(star ? text[2..] : text, out value) || value.Length > maxLength)
        {
            return false;
        }

        value = star ? "*." + value : value;
        return true;
    }

    public override string Format(string? value) => value ?? "none";
}
