using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>An address, or a unix socket by its absolute path.</summary>
internal sealed class BindTargetReader : TextValueReader<BindTarget?>
{
    /// <summary>sun_path holds 108 bytes with its final zero.</summary>
    public const int MaxUnixPath = 107;

    public override string Expected => "an address such as \"0.0.0.0\" or \"::\", or the path of a unix socket";

    protected override string Refusal(string text)
        => text.StartsWith('/') ? $"a unix socket's path holds at most {MaxUnixPath} bytes" : base.Refusal(text);

    protected override bool TryParse(string text, [NotNullWhen(true)] out BindTarget? value)
    {
        value = null;
        if (text.StartsWith('/'))
        {
            value = System.Text.Encoding.UTF8.GetByteCount(text) <= MaxUnixPath ? new BindTarget(null, text) : null;
        }
        else if (HostText.TryAddress(text, out var address))
        {
            value = new BindTarget(address, null);
        }

        return value is not null;
    }
}
