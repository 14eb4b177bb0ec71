using System.Diagnostics;

namespace Telemt.Core.Gate;

/// <summary>What the caller is to do next.</summary>
internal enum GateAction : byte
{
    /// <summary>Wait for more of the same phase.</summary>
    Read,

    /// <summary>Ask again with the same bytes, once the loop's other sessions have had their turn.</summary>
    Yield,

    /// <summary>Send <see cref="GateStep.Reply"/> in one write, forget the buffer, and start the second phase with an empty one.</summary>
    Write,

    /// <summary>Serve <see cref="GateStep.Client"/>.</summary>
    Ready,

    /// <summary>Nothing was ever sent: relay all bytes received so far, then everything else, to the mask host.</summary>
    Mask,

    /// <summary>Send <see cref="GateStep.Reply"/> if it is not empty, then end our direction.</summary>
    Drop,
}

/// <summary>One answer of <see cref="ClientGate"/>.</summary>
internal readonly struct GateStep
{
    private GateStep(GateAction action) => Action = action;

    public GateAction Action { get; }

    /// <summary>With <see cref="GateAction.Write"/> and <see cref="GateAction.Drop"/>.</summary>
    public ReadOnlyMemory<byte> Reply { get; private init; }

    /// <summary>With <see cref="GateAction.Ready"/>.</summary>
    public ReadyClient? Client { get; private init; }

    /// <summary>With <see cref="GateAction.Mask"/> and <see cref="GateAction.Drop"/>.</summary>
    public Refusal Refusal { get; private init; }

    /// <summary>
    /// With <see cref="GateAction.Ready"/>: bytes of the phase that the gate used; what lies behind them is the up leg's first input.
    /// </summary>
    public int Consumed { get; private init; }

    /// <summary>
    /// With <see cref="GateAction.Read"/>: the answer cannot become a good one before so many more bytes are there (at least 1).
    /// </summary>
    public int Needed { get; private init; }

    /// <summary>
    /// With <see cref="GateAction.Read"/>: a started hello or header that may turn out to be no client's at all. When no other byte comes
    /// soon, the caller is to show what came to the mask host, and to call <see cref="ClientGate.Expire"/> once that has answered.
    /// </summary>
    public bool Urgent { get; private init; }

    public static GateStep Read(int needed, bool urgent)
    {
        Debug.Assert(needed > 0);
        return new GateStep(GateAction.Read) { Needed = needed, Urgent = urgent };
    }

    /// <summary>
    /// With <see cref="GateAction.Write"/>: milliseconds of the loop's time from the hello's last byte to <see cref="Reply"/>, as the mask host would take.
    /// </summary>
    public int Delay { get; private init; }

    public static GateStep Yield() => new(GateAction.Yield);

    public static GateStep Write(ReadOnlyMemory<byte> reply, int delay = 0) => new(GateAction.Write) { Reply = reply, Delay = delay };

    public static GateStep Ready(ReadyClient client, int consumed) => new(GateAction.Ready) { Client = client, Consumed = consumed };

    public static GateStep Mask(Refusal refusal) => new(GateAction.Mask) { Refusal = refusal };

    public static GateStep Drop(Refusal refusal, ReadOnlyMemory<byte> reply) => new(GateAction.Drop) { Refusal = refusal, Reply = reply };
}
