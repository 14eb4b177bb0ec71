using Telemt.Core.Wire;

namespace Telemt.Tests.EndToEnd;

/// <summary>A way in as clients use it: what the secret says, and the framing that they choose with it.</summary>
internal sealed record Form(ClientMode Mode, ProtocolTag Tag)
{
    public static readonly Form Tls = new(ClientMode.Tls, ProtocolTag.PaddedIntermediate);
    public static readonly Form Secure = new(ClientMode.Secure, ProtocolTag.PaddedIntermediate);
    public static readonly Form Abridged = new(ClientMode.Classic, ProtocolTag.Abridged);
    public static readonly Form Intermediate = new(ClientMode.Classic, ProtocolTag.Intermediate);

    public static readonly Form[] All = [Tls, Secure, Abridged, Intermediate];

    public override string ToString() => Mode == ClientMode.Classic ? $"{Mode} {Tag}" : Mode.ToString();
}
