using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class TomlFileWatcherStartTests
{
    [Test]
    public void Start_FirstTickRunsAtOnceOnAnotherThread_WatchGoesOn()
    {
        using var folder = new TempFolder();
        var clock = new HastyClock();
        using var watcher = new TomlFileWatcher(
            folder.Write("a.toml", "text"), NullLogger.Instance, clock, WatchedFile.Brisk with { UseNotices = false });

        watcher.Start();

        Assert.That(clock.Due, Is.GreaterThan(TimeSpan.Zero), "the tick has arranged the next one");
    }

    /// <summary>Its one timer, when due at once, runs on another thread before the call that arms it returns.</summary>
    private sealed class HastyClock : TimeProvider, ITimer
    {
        private Action _tick = () => { };

        public TimeSpan Due { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime;
            if (dueTime == TimeSpan.Zero)
            {
                var thread = new Thread(() => _tick());
                thread.Start();
                thread.Join();
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
