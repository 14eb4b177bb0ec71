using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Replay;
using Telemt.Core.Settings;

namespace Telemt.Worker.Sessions;

/// <summary>What gates share, made once per revision of the settings.</summary>
internal sealed class GateContexts(ReplayWindow replay, TimeProvider clock, IRandomSource random, IFlightProfiles flights)
{
    private GateContext? _present;

    public GateContext For(ProxySettings settings)
    {
        var present = Volatile.Read(ref _present);
        if (present is not null && ReferenceEquals(present.Settings, settings))
        {
            return present;
        }

        // Two loops may both make one after an edit; either serves.
        present = new GateContext { Settings = settings, Replay = replay, Clock = clock, Random = random, Flights = flights };
        Volatile.Write(ref _present, present);
        return present;
    }
}
