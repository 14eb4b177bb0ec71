namespace Telemt.Core.Gate;

/// <summary>The one-way graph of <see cref="GateState"/>.</summary>
internal static class GateStates
{
    public static bool Follows(GateState from, GateState to) => (from, to) switch
    {
        (GateState.Start, GateState.TlsHello or GateState.Header64) => true,
        (GateState.TlsHello or GateState.Header64, GateState.Identified) => true,
        (GateState.Identified, GateState.Admitted) => true,
        (GateState.Admitted, GateState.InnerHeader or GateState.Ready) => true,
        (GateState.InnerHeader, GateState.Ready) => true,
        (not (GateState.Ready or GateState.Refused), GateState.Refused) => true,
        _ => false,
    };
}
