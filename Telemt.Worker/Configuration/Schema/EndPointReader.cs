using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A host or address with a port.</summary>
internal sealed class EndPointReader : TextValueReader<EndPoint?>
{
    public override string Expected => "host and port such as \"192.0.2.1:443\", \"[2001:db8::1]:443\" or \"name.example:443\"";

    protected override string Refusal(string text)
        => HostText.TryAddress(text, out var address)
            ? $"{base.Refusal(text)}: the port is missing, such as \"{HostText.WithPort(address, 443)}\""
            : base.Refusal(text);

    protected override bool TryParse(string text, [NotNullWhen(true)] out EndPoint? value) => HostText.TryEndPoint(text, out value);

    public override string Format(EndPoint? value) => value is null ? "none" : HostText.Format(value);
}
