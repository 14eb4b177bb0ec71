using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Control.Status;

/// <summary>A line of the log that an operator may want to have seen.</summary>
/// <param name="Id">Counts up; what was pushed out of the ring leaves a gap.</param>
/// <param name="Code">The stable id of the message.</param>
/// <param name="Room">The part of telemt that says it.</param>
internal sealed record ControlEvent(long Id, DateTimeOffset At, LogLevel Level, int Code, string Room, string Text);

/// <summary>
/// The last events: reloads with what they changed, faults, recoveries. They are what the log says at "info" and above, which holds no
/// secret; a ring that never grows. Safe for any thread.
/// </summary>
internal sealed class EventRing(TimeProvider clock) : ILoggerProvider
{
    public const int Size = 300;

    private const string Ours = "Telemt.Worker.";
    private const int LongestText = 2000;

    private readonly Lock _lock = new();
    private readonly ControlEvent?[] _events = new ControlEvent?[Size];
    private long _last;

    /// <summary>The newest event's id; 0 before the first.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Newest first.</summary>
    /// <param name="after">Only those with a higher id.</param>
    public List<ControlEvent> Read(long after = 0)
    {
        lock (_lock)
        {
            var events = new List<ControlEvent>();
            for (var id = _last; id > Math.Max(after, _last - Size); id--)
            {
                events.Add(_events[id % Size]!);
            }

            return events;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Add(string category, LogLevel level, int code, string text)
    {
        var room = category[Ours.Length..];
        lock (_lock)
        {
            _last++;
            _events[_last % Size] = new ControlEvent(
                _last,
                clock.GetUtcNow(),
                level,
                code,
                room[..(room.IndexOf('.') is >= 0 and var dot ? dot : room.Length)],
                text.Length > LongestText ? text[..LongestText] + " ..." : text);
        }
    }

    private sealed class Logger(EventRing ring, string category) : ILogger
    {
        private readonly bool _isOurs = category.StartsWith(Ours, StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => _isOurs && logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, exception);
                ring.Add(category, logLevel, eventId.Id, exception is null ? text : $"{text}: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }
}
