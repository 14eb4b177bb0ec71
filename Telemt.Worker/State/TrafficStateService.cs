using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Policy;
using Telemt.Core.Settings;

namespace Telemt.Worker.State;

/// <summary>
/// Keeps over a restart what users have moved, when there is a state folder: of users with a quota within a second, so that a kill costs
/// no more than that, of the others once a minute. Nothing is written while nothing moves.
/// </summary>
internal sealed class TrafficStateService(
    UserAccounts accounts,
    TrafficSignal signal,
    IOptionsMonitor<ProxySettings> settings,
    TimeProvider clock,
    ILogger<TrafficStateService> log) : BackgroundService
{
    public const string FileName = "traffic.log";

    /// <summary>Gathers what sessions report: with the meters' half second less than one.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan OthersPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, TrafficRecord> _written = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();
    private TrafficFile? _file;
    private string? _folder;
    private string? _failure;
    private bool _warned;
    private bool _isHeld;
    private bool _knowsBetter;
    private long _othersAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            UseFolder();
        }

        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save(everybody: true);
        if (_folder is not null && _file is null && _failure is null)
        {
            Fail("another process had it till the end");
        }
    }

    public override void Dispose()
    {
        _file?.Dispose();
        base.Dispose();
    }

    /// <summary>Writes what has changed; of users without a quota only with the others' turn.</summary>
    public void Save(bool everybody)
    {
        lock (_turn)
        {
            UseFolder();
            if (_file is null)
            {
                return;
            }

            var now = clock.GetUtcNow();
            var users = settings.CurrentValue.Users;
            var changed = new List<TrafficRecord>();
            foreach (var account in accounts.All)
            {
                if (everybody || users.FindByName(account.Name)?.Quota is not null)
                {
                    var record = account.Traffic.ToRecord(account.Name, now);
                    if (!_written.TryGetValue(account.Name, out var written) ? record.Total > 0 : HasChanged(written, record))
                    {
                        changed.Add(record);
                    }
                }
            }

            Write(changed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _othersAt = clock.GetTimestamp();
        try
        {
            while (true)
            {
                await signal.WaitAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
                var everybody = clock.GetElapsedTime(_othersAt) >= OthersPause;
                _othersAt = everybody ? clock.GetTimestamp() : _othersAt;
                Save(everybody);
            }
        }
        catch (OperationCanceledException)
        {
            // The stop saves once more.
        }
    }

    /// <summary>A day that only began is no news: the next record's marks say so.</summary>
    private static bool HasChanged(in TrafficRecord written, in TrafficRecord record) =>
        written.Total != record.Total || written.TotalMark != record.TotalMark
        || (written.Day == record.Day && written.DayMark != record.DayMark);

    private void Write(List<TrafficRecord> changed)
    {
        try
        {
            _file!.Append(changed);
            changed.ForEach(record => _written[record.Name] = record);
            _failure = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
    }

    /// <summary>Opens the file of the settings' folder; a new folder gets all that is known.</summary>
    private void UseFolder()
    {
        var folder = settings.CurrentValue.State;
        if (folder is null)
        {
            WarnWithout();
        }

        if (folder == _folder && (folder is null || _file is not null))
        {
            return;
        }

        _file?.Dispose();
        _file = null;

        // Moved while we run: from now on what we know is newer than whatever lies anywhere.
        _knowsBetter |= _folder is not null && folder != _folder;
        _folder = folder;
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            UseFile(Path.Combine(folder, FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
    }

    /// <summary>A process that was replaced has the file until its last session ends: what it counts is read meanwhile.</summary>
    private void UseFile(string path)
    {
        _file = TrafficFile.TryOpen(path);
        if (_file is null && !_isHeld)
        {
            _isHeld = true;
            log.TrafficHeld(path);
        }

        if (_file?.Torn > 0)
        {
            log.TrafficTorn(path, _file.Torn);
        }

        if (_knowsBetter)
        {
            _written.Clear();
            return;
        }

        foreach (var record in _file?.Records ?? TrafficFile.Read(path))
        {
            accounts.Of(record.Name).Traffic.Restore(record, clock.GetUtcNow());
            _written[record.Name] = record;
        }

        if (_file is not null)
        {
            log.TrafficLoaded(_written.Count);
        }
    }

    private void WarnWithout()
    {
        if (!_warned && settings.CurrentValue.Users.Users.Any(user => user.Quota is not null))
        {
            _warned = true;
            log.QuotaWithoutState();
        }
    }

    private void Fail(string error)
    {
        if (_failure != error)
        {
            _failure = error;
            log.TrafficFailed(Path.Combine(_folder!, FileName), error);
        }
    }
}
