using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Configuration;

/// <summary>
/// Reads the configuration again when its file changes or somebody asks, and says what came of it: what changed in words, or every
/// problem in one error while the last good settings stay. Reloads run one at a time, off the event loops.
/// </summary>
internal sealed partial class ConfigurationReloadService(
    SettingsLoader loader,
    LastGoodMonitor monitor,
    TomlFileWatcher watcher,
    IEnumerable<IReloadObserver> observers,
    ILogger<ConfigurationReloadService> log) : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _reload = new();
    private volatile bool _asked;

    private ConfigurationReport? _refused;

    /// <summary>Reloads soon, and answers in the log even when nothing changed. Any thread may call, a signal handler too.</summary>
    public void RequestReload()
    {
        _asked = true;
        FileChanged();
    }

    /// <summary>The file may have changed. However often this is called, the last content is the one that will be in force.</summary>
    public void FileChanged()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception late) when (late is SemaphoreFullException or ObjectDisposedException)
        {
            // A reload is due already, or a signal came after the end.
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Describe(monitor.InForce);
        watcher.Changed += FileChanged;
        watcher.Start(monitor.InForce.ContentHash.AsSpan());
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        watcher.Dispose();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        watcher.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(stoppingToken);
                Reload(Interlocked.Exchange(ref _asked, false));
            }
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    /// <param name="asked">True when somebody wants an answer, whatever it is.</param>
    internal ReloadOutcome Reload(bool asked)
    {
        lock (_reload)
        {
            Tell(static observer => observer.Reloading());
            var outcome = ReloadOutcome.Refused;
            try
            {
                outcome = Offer(loader.Load(monitor.CurrentValue), asked);
            }
            catch (Exception failure)
            {
                // A fault of ours in reading an edit must not end a proxy that runs well on the last one.
                LogFault(failure);
            }

            Tell(observer => observer.Reloaded(outcome));
            return outcome;
        }
    }

    private ReloadOutcome Offer(ConfigurationReport report, bool asked)
    {
        var before = monitor.InForce;
        var outcome = monitor.Offer(report);
        switch (outcome)
        {
            case ReloadOutcome.Applied:
                _refused = null;
                DescribeChange(before, report);
                break;
            case ReloadOutcome.Refused when asked || !SaysTheSame(_refused, report):
                _refused = report;
                var list = string.Join(Environment.NewLine + "  ", report.Errors);
                LogRefused(report.Path, report.Errors.Length, monitor.Revision, Environment.NewLine + "  " + list);
                break;
            case ReloadOutcome.Unchanged when asked || _refused is not null:
                _refused = null;
                LogUnchanged(report.Path, monitor.Revision);
                break;
        }

        return outcome;
    }

    private void DescribeChange(ConfigurationReport before, ConfigurationReport after)
    {
        var diff = SettingsDiff.Between(before.Settings!, after.Settings!);
        var words = OptionsDiff.Describe(before.Options!, after.Options!, diff);
        LogApplied(monitor.Revision, words.Count == 0 ? "no value is another" : string.Join("; ", words));
        Describe(after);
    }

    private void Describe(ConfigurationReport report)
    {
        foreach (var warning in report.Warnings)
        {
            LogWarning(warning);
        }
    }

    private static bool SaysTheSame(ConfigurationReport? refused, ConfigurationReport report)
        => refused is not null && refused.Errors.SequenceEqual(report.Errors);

    private void Tell(Action<IReloadObserver> what)
    {
        foreach (var observer in observers)
        {
            try
            {
                what(observer);
            }
            catch (Exception failure)
            {
                LogObserverFailed(failure, observer.GetType().Name);
            }
        }
    }

    [LoggerMessage(1010, LogLevel.Information, "Settings {Revision} are in force: {Changes}")]
    private partial void LogApplied(long revision, string changes);

    [LoggerMessage(1011, LogLevel.Error, "{Path} has {Count} error(s); settings {Revision} stay in force:{Errors}")]
    private partial void LogRefused(string path, int count, long revision, string errors);

    [LoggerMessage(1012, LogLevel.Information, "{Path} says what is in force already, settings {Revision}")]
    private partial void LogUnchanged(string path, long revision);

    [LoggerMessage(1013, LogLevel.Warning, "{Problem}")]
    private partial void LogWarning(ConfigurationProblem problem);

    [LoggerMessage(1015, LogLevel.Error, "Reading the configuration failed; the last good settings stay in force")]
    private partial void LogFault(Exception failure);

    [LoggerMessage(1016, LogLevel.Error, "{Observer} failed to follow a reload")]
    private partial void LogObserverFailed(Exception failure, string observer);
}
