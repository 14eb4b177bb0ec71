using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Hosting;

/// <summary>
/// Turns signals into what the host does: SIGTERM and SIGINT stop it and let sessions drain, a second one ends the process at once,
/// SIGHUP reads the configuration again.
/// </summary>
internal sealed partial class SignalLifetime(IHostApplicationLifetime application, Action reload, ILogger<SignalLifetime> logger)
    : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _stops;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    /// <summary>The first is ours; a second one keeps its meaning to the system, which is the end.</summary>
    internal void Stop(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _stops) == 1)
        {
            context.Cancel = true;
            LogStop(context.Signal);
            application.StopApplication();
        }
    }

    internal void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        LogReload();
        reload();
    }

    [LoggerMessage(6001, LogLevel.Information, "{Signal}: stopping; the same signal again ends at once")]
    private partial void LogStop(PosixSignal signal);

    [LoggerMessage(6002, LogLevel.Information, "SIGHUP: reading the configuration again")]
    private partial void LogReload();
}
