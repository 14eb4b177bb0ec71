using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Control.Status;

namespace Telemt.Worker.Control;

/// <summary>
/// Keeps the operator's page where [control] says, from after the start to after the drain. Phones come first: a port that somebody
/// else has, or a broken certificate, is said and tried again, and neither ends nor delays the proxy. The page is on by default, so
/// that two proxies of one host would otherwise hinder each other. Nothing of the web server is loaded while it is off.
/// </summary>
internal sealed class ControlService(
    IServiceProvider services,
    StatusSampler sampler,
    IOptionsMonitor<ProxySettings> settings,
    TimeProvider clock,
    ILogger<ControlService> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile ControlSettings? _open;

    /// <summary>The settings that the page is served by now; null while it is not.</summary>
    public ControlSettings? Open => _open;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = settings.OnChange(_ => _wake.Writer.TryWrite(true));
        string? told = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wanted = settings.CurrentValue.Control;
            string? problem;
            try
            {
                problem = wanted.Enabled ? await ServeAsync(wanted, stoppingToken) : null;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Stopped while it opened.
                return;
            }

            if (problem is not null && problem != told)
            {
                log.ControlFailed(wanted.Listen.ToString(), problem, Retry.TotalSeconds);
            }

            told = problem;
            await WaitAsync(problem is null && !wanted.Enabled ? Timeout.InfiniteTimeSpan : Retry, wanted, stoppingToken);
        }
    }

    /// <summary>Serves until an edit wants it elsewhere, or the stop. Not to be inlined: its body loads the web server.</summary>
    /// <returns>Why it cannot be served, or null.</returns>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private async Task<string?> ServeAsync(ControlSettings wanted, CancellationToken stopping)
    {
        var (server, problem) = await ControlServer.StartAsync(services, wanted, stopping);
        if (server is null)
        {
            return problem;
        }

        await using (server)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var sampling = sampler.RunAsync(ending.Token);
            _open = wanted;
            log.ControlOpen(server.Address);
            while (!stopping.IsCancellationRequested && HasSamePlace(settings.CurrentValue.Control, wanted))
            {
                _open = settings.CurrentValue.Control;
                await WaitAsync(Timeout.InfiniteTimeSpan, _open, stopping);
            }

            _open = null;
            await ending.CancelAsync();
            await sampling;
        }

        log.ControlClosed(server.Address);
        return null;
    }

    /// <summary>What does not need a new socket is looked at with each request.</summary>
    private static bool HasSamePlace(ControlSettings one, ControlSettings other) =>
        one.Enabled == other.Enabled && one.Listen.Equals(other.Listen) && one.Certificate == other.Certificate;

    private async Task WaitAsync(TimeSpan pause, ControlSettings seen, CancellationToken stopping)
    {
        if (settings.CurrentValue.Control != seen)
        {
            return;
        }

        using var early = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(_wake.Reader.WaitToReadAsync(early.Token).AsTask(), Task.Delay(pause, clock, early.Token));
        await early.CancelAsync();
        _wake.Reader.TryRead(out _);
    }
}
