namespace Telemt.Core.Relay;

/// <summary>Fast mode's download: the DC encrypts with the client's own key, so no byte is touched (PROTOCOL C.6).</summary>
internal sealed class ForwardLeg : RelayLeg
{
    /// <summary>Without state, so one for all sessions.</summary>
    public static readonly ForwardLeg Plain = new(wrapsRecords: false);

    /// <summary>The same within records.</summary>
    public static readonly ForwardLeg Wrapping = new(wrapsRecords: true);

    private ForwardLeg(bool wrapsRecords) => WrapsRecords = wrapsRecords;

    public override bool WrapsRecords { get; }

    public override bool PassesUnchanged => !WrapsRecords;

    public override int Transform(Span<byte> chunk) => chunk.Length;
}
