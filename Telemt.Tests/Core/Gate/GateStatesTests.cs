using Telemt.Core.Gate;

namespace Telemt.Tests.Core.Gate;

public sealed class GateStatesTests
{
    [Test]
    public void Follows_EveryPair_IsTheDrawnGraph()
    {
        var allowed = new HashSet<(GateState, GateState)>
        {
            (GateState.Start, GateState.TlsHello),
            (GateState.Start, GateState.Header64),
            (GateState.TlsHello, GateState.Identified),
            (GateState.Header64, GateState.Identified),
            (GateState.Identified, GateState.Admitted),
            (GateState.Admitted, GateState.InnerHeader),
            (GateState.Admitted, GateState.Ready),
            (GateState.InnerHeader, GateState.Ready),
            (GateState.Start, GateState.Refused),
            (GateState.TlsHello, GateState.Refused),
            (GateState.Header64, GateState.Refused),
            (GateState.Identified, GateState.Refused),
            (GateState.Admitted, GateState.Refused),
            (GateState.InnerHeader, GateState.Refused),
        };
        foreach (var from in Enum.GetValues<GateState>())
        {
            foreach (var to in Enum.GetValues<GateState>())
            {
                Assert.That(GateStates.Follows(from, to), Is.EqualTo(allowed.Contains((from, to))), $"{from} → {to}");
            }
        }
    }
}
