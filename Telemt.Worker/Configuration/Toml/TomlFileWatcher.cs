using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// Tells when a file's content has changed: edited in place, replaced, reached through links that were swapped, deleted, made again, on
/// any file system. It is told once the change is over: the file was quiet and two reads agree; a content that was told last, or is
/// known from the start, is not told again.
/// <para>
/// <see cref="Changed"/> is raised on a thread-pool thread, one call at a time. Nothing here throws after the constructor. A file below
/// /dev or /proc (a shell's process substitution) is not watched: opening a pipe again would wait for ever.
/// </para>
/// </summary>
internal sealed partial class TomlFileWatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TomlWatchTiming _timing;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private FileNotices? _notices;
    private bool _toldWhyNoNotices;
    private bool _disposed;
    private volatile bool _hinted;

    // The file as last looked at, as last told, and as read once and not yet confirmed.
    private FileStamp _stamp;
    private FileContent _told;
    private FileContent? _candidate;

    // Time stamps of the clock: the stamp's last change; the first sign of unrest (0: at rest); when to read without a sign.
    private long _changedAt;
    private long _restlessSince;
    private long _readAt;

    public TomlFileWatcher(string path, ILogger logger, TimeProvider? clock = null, TomlWatchTiming? timing = null)
    {
        _path = Path.GetFullPath(path);
        _logger = logger;
        _clock = clock ?? TimeProvider.System;
        _timing = timing ?? new TomlWatchTiming();
        _timer = _clock.CreateTimer(static state => ((TomlFileWatcher)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The file has another content now, or is gone, or cannot be read. An exception from a handler is logged.</summary>
    public event Action? Changed;

    /// <summary>False from a sign of change until the content has been compared; for tests.</summary>
    public bool IsAtRest => Volatile.Read(ref _restlessSince) == 0;

    /// <param name="knownHash">
    /// <see cref="TomlDocument.ContentHash"/> of what is in force, so that a change between that reading and this call is told as well;
    /// empty: what the file holds now.
    /// </param>
    public void Start(ReadOnlySpan<byte> knownHash = default)
    {
        lock (_gate)
        {
            if (_disposed || IsStream(_path))
            {
                return;
            }

            _stamp = FileStamp.Of(_path);
            _told = knownHash.IsEmpty ? FileContent.Read(_path) : FileContent.Of(knownHash);
            _changedAt = _restlessSince = _readAt = _clock.GetTimestamp();
        }

        // Not under the lock: a tick that finds it taken leaves the next one to its holder, and here that would be nobody.
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a running <see cref="Changed"/>, unless called from it; afterwards there is none.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
            _notices?.Dispose();
            _notices = null;
        }
    }

    private static bool IsStream(string path)
    {
        return path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
    }

    private void Hint()
    {
        // In unrest the file is about to be looked at anyway, and a writer in a loop must not keep us turning.
        if (!IsAtRest)
        {
            return;
        }

        _hinted = true;
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        // When a step runs, it sees the hint at its end.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_disposed)
            {
                var wait = Step();
                _timer.Change(_hinted ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Looks, and when there was a sign of change, reads once the file is quiet.</summary>
    /// <returns>How long nothing is to be done, unless a notice comes.</returns>
    private TimeSpan Step()
    {
        AskForNotices();
        Look();
        if (_restlessSince == 0)
        {
            return _timing.Poll;
        }

        var still = _clock.GetElapsedTime(_changedAt);
        var quiet = _stamp.Exists ? _timing.Quiet : _timing.QuietWhenMissing;
        if (still < quiet && _clock.GetElapsedTime(_restlessSince) < _timing.Patience)
        {
            // Looks again soon all the same: a missing file may be back, and the wait for it is shorter.
            return quiet - still < _timing.Quiet ? quiet - still : _timing.Quiet;
        }

        var content = FileContent.Read(_path);
        if (content == _told)
        {
            return Rest();
        }

        if (content != _candidate)
        {
            _candidate = content;
            return _timing.Confirm;
        }

        _told = content;
        Tell();
        return Rest();
    }

    private void Look()
    {
        var now = _clock.GetTimestamp();
        var sign = _hinted || now >= _readAt;
        _hinted = false;
        var stamp = FileStamp.Of(_path);
        if (stamp != _stamp)
        {
            _stamp = stamp;
            _changedAt = now;
            _candidate = null;
            sign = true;
        }

        if (sign && _restlessSince == 0)
        {
            _restlessSince = now;
        }
    }

    private TimeSpan Rest()
    {
        _restlessSince = 0;
        _candidate = null;
        var wait = _clock.GetElapsedTime(_changedAt) < _timing.DistrustTimes ? _timing.Poll : _timing.Reread;
        _readAt = _clock.GetTimestamp() + (long)(wait.TotalSeconds * _clock.TimestampFrequency);
        return _timing.Poll;
    }

    private void AskForNotices()
    {
        // Tried again with each reading: the folder may be made later, or an inotify instance come free.
        if (!_timing.UseNotices || _notices is not null || _clock.GetTimestamp() < _readAt)
        {
            return;
        }

        _notices = FileNotices.TryStart(_path, Hint, out var reason);
        if (reason is not null && !_toldWhyNoNotices)
        {
            _toldWhyNoNotices = true;
            LogNoNotices(_logger, _path, _timing.Poll.TotalSeconds, reason);
        }
    }

    private void Tell()
    {
        try
        {
            Changed?.Invoke();
        }
        catch (Exception error)
        {
            // Whatever a handler does, the next edit must be seen.
            LogHandlerFailed(_logger, error, _path);
        }
    }

    [LoggerMessage(1081, LogLevel.Information, "{Path} is watched by looking at it every {Seconds} s: {Reason}")]
    private static partial void LogNoNotices(ILogger logger, string path, double seconds, string reason);

    [LoggerMessage(1082, LogLevel.Error, "A change of {Path} could not be passed on")]
    private static partial void LogHandlerFailed(ILogger logger, Exception error, string path);
}
