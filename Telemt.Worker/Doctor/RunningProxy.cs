using Telemt.Core.Settings;
using Telemt.Worker.Cli;
using Telemt.Worker.Control.Api;

namespace Telemt.Worker.Doctor;

/// <summary>Whether a proxy runs by these settings, as far as its page tells.</summary>
/// <param name="Status">Null when nobody answered.</param>
internal sealed record RunningProxy(StatusDocument? Status)
{
    public static async Task<RunningProxy> AskAsync(ProxySettings settings, CancellationToken cancellation)
    {
        if (!settings.Control.Enabled)
        {
            return new RunningProxy(Status: null);
        }

        using var probe = new StatusProbe(settings);
        return new RunningProxy((await probe.ReadAsync(cancellation)).Status);
    }
}
