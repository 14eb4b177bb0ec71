using Telemt.Core.Settings;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <param name="Due">Loop time by which one attempt must have succeeded.</param>
/// <param name="Stagger">Milliseconds after which one that keeps silent is joined by the next.</param>
internal readonly record struct DialTimes(long Due, long Stagger)
{
    /// <summary>What [timeouts] says, from now on.</summary>
    public static DialTimes For(EventLoop loop, TimeoutSettings timeouts) => new(
        loop.Now + RelayLimits.Milliseconds(timeouts.Connect),
        RelayLimits.Milliseconds(timeouts.ConnectStagger));
}
