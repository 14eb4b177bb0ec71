using System.Buffers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Replay;
using Telemt.Core.Settings;

namespace Telemt.Worker.State;

/// <summary>
/// Keeps the replay window as large as the settings say, and over a restart when there is a state folder: read at the start, written
/// every few minutes and at the end. A kill loses the handshakes since the last write, no more.
/// </summary>
internal sealed class ReplayStateService(
    ReplayWindow window, IOptionsMonitor<ProxySettings> settings, TimeProvider clock, ILogger<ReplayStateService> log) : BackgroundService
{
    private const string FileName = "replay.bin";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private IDisposable? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        _subscription = settings.OnChange(changed => window.Resize(changed.Replay.Capacity));
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Save();
            }
        }
        catch (OperationCanceledException)
        {
            // The stop saves once more.
        }
    }

    private void Load()
    {
        if (settings.CurrentValue.State is not { } folder)
        {
            return;
        }

        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            if (window.TryImport(File.ReadAllBytes(path)))
            {
                log.ReplayLoaded(window.Count);
            }
            else
            {
                log.ReplayRefused(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.ReplayFailed(path, e.Message);
        }
    }

    /// <summary>By a rename, so that the file is a whole one at any time.</summary>
    private void Save()
    {
        if (settings.CurrentValue.State is not { } folder || window.Count == 0)
        {
            return;
        }

        var path = Path.Combine(folder, FileName);
        try
        {
            var snapshot = new ArrayBufferWriter<byte>();
            window.Export(snapshot);
            Directory.CreateDirectory(folder);
            var temporary = path + ".new";
            File.WriteAllBytes(temporary, snapshot.WrittenSpan);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.ReplayFailed(path, e.Message);
        }
    }
}
