using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>A file under a watch, and what its owner has read at the watch's word.</summary>
internal sealed class WatchedFile : IDisposable
{
    public const string Gone = "(gone)";

    /// <summary>
    /// A quick pace, as the suite is not to wait more than it must; and no reading without a sign, so that each test shows the sign that
    /// it is about.
    /// </summary>
    public static readonly TomlWatchTiming Brisk = new()
    {
        Poll = TimeSpan.FromMilliseconds(100),
        Quiet = TimeSpan.FromMilliseconds(50),
        QuietWhenMissing = TimeSpan.FromMilliseconds(80),
        Confirm = TimeSpan.FromMilliseconds(10),
        Patience = TimeSpan.FromMilliseconds(400),
        DistrustTimes = TimeSpan.Zero,
        Reread = TimeSpan.FromHours(1),
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _path;
    private volatile string _seen = "";
    private int _told;

    public WatchedFile(string path, bool useNotices, TomlWatchTiming? timing = null)
    {
        _path = path;
        Watcher = new TomlFileWatcher(path, NullLogger.Instance, timing: (timing ?? Brisk) with { UseNotices = useNotices });
        Watcher.Changed += () =>
        {
            _seen = ReadNow();
            Interlocked.Increment(ref _told);
        };
    }

    public TomlFileWatcher Watcher { get; }

    public int Told => Volatile.Read(ref _told);

    public WatchedFile Start()
    {
        Watcher.Start();
        return AtRest();
    }

    /// <summary>Past the reading at the start or after an edit: the next edit finds a watch that only waits.</summary>
    public WatchedFile AtRest()
    {
        Wait.Until(() => Watcher.IsAtRest, Patience, "the watch did not come to rest");
        return this;
    }

    /// <summary>How long the owner took to see the content.</summary>
    public TimeSpan WaitFor(string content)
    {
        var clock = Stopwatch.StartNew();
        Wait.Until(() => _seen == content, Patience, $"'{content}' was not seen, but '{_seen}'");
        return clock.Elapsed;
    }

    public void Dispose() => Watcher.Dispose();

    private string ReadNow()
    {
        try
        {
            return File.ReadAllText(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Gone;
        }
    }
}
