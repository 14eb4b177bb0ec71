using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Worker.Telemetry;

namespace Telemt.Worker.Health;

/// <summary>
/// Asks every address of every DC by every upstream a real question once each health.interval: so that what fails is known before a
/// session meets it, what has failed is used again when it works, and each DC's quicker family is known.
/// </summary>
internal sealed class DcHealthService(
    HealthLedger ledger,
    DcProbe probe,
    DialMetrics metrics,
    IOptionsMonitor<ProxySettings> settings,
    TimeProvider clock,
    ILogger<DcHealthService> log) : BackgroundService
{
    private const int MostAtOnce = 8;

    private volatile CancellationTokenSource _pause = new();
    private IDisposable? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = settings.OnChange(_ => _pause.Cancel());
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        _pause.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            // An edit may have made the pause shorter: what is left of it is reckoned anew.
            _pause = new CancellationTokenSource();
            var left = ledger.Rules.Interval - clock.GetElapsedTime(began);
            if (left > TimeSpan.Zero)
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(_pause.Token, stoppingToken);
                await Task.Delay(left, clock, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            began = clock.GetTimestamp();
            try
            {
                await TryAllAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                log.ProbeFault(e);
            }
        }
    }

    private Task TryAllAsync(CancellationToken cancellation) => Parallel.ForEachAsync(
        ledger.ToProbe(),
        new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation },
        async (way, token) =>
        {
            // What has failed: as often as it takes to be used again, or until it fails.
            bool answers;
            do
            {
                answers = await probe.RunAsync(way.Candidate, way.Dc, token);
                metrics.Probed(way.Candidate, way.Dc, answers);
            }
            while (answers && way.Candidate.IsFailing);
        });
}
