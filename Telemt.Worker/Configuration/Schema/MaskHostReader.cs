using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A host name, an address without brackets when read, or the absolute path of a unix socket.</summary>
internal sealed class MaskHostReader : TextValueReader<string?>
{
    public override string Expected => "a host name, an address, or the path of a unix socket";

    protected override string Refusal(string text)
        => text.Contains("://", StringComparison.Ordinal) ? $"{base.Refusal(text)}: a URL is no host name"
        : HostText.TryEndPoint(text, out _) ? $"{base.Refusal(text)}: the port belongs in mask_port"
        : base.Refusal(text);

    protected override bool TryParse(string text, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (text.StartsWith('/'))
        {
            value = System.Text.Encoding.UTF8.GetByteCount(text) <= BindTargetReader.MaxUnixPath ? text : null;
        }
        else if (HostText.TryAddress(text, out var address))
        {
            value = address.ToString();
        }
        else if (HostText.TryName(text, out var name))
        {
            value = name;
        }

        return value is not null;
    }

    public override string Format(string? value) => value ?? "tls_domain";
}
