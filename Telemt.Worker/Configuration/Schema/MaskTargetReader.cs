using System.Diagnostics.CodeAnalysis;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A policy's mask: true and false, or a target of its own as host, host:port or the path of a unix socket.</summary>
internal sealed class MaskTargetReader : TextValueReader<string?>
{
    public override string Expected => "true, false, a host with or without port, or the path of a unix socket";

    protected override bool TryConvert(DraftValue scalar, [NotNullWhen(true)] out string? value)
    {
        value = scalar.Value is bool on ? on ? MaskTarget.On : MaskTarget.Off : null;
        return value is not null;
    }

    protected override bool TryParse(string text, [NotNullWhen(true)] out string? value)
    {
        value = (text.StartsWith('/') && System.Text.Encoding.UTF8.GetByteCount(text) <= BindTargetReader.MaxUnixPath)
            || HostText.TryEndPoint(text, out _)
            || HostText.TryAddress(text, out _)
            || HostText.TryName(text, out _)
                ? text
                : null;
        return value is not null;
    }

    public override string Format(string? value) => value ?? "none";
}
