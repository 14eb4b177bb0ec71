namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// The file system's own notices about a file. Hints only: they may be missing, late, too many, or about something else, and whoever
/// takes them looks at the file.
/// </summary>
internal sealed class FileNotices : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly string _path;
    private readonly Action _hint;

    private FileNotices(string path, Action hint)
    {
        (_path, _hint) = (path, hint);
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite,
        };
        _watcher.Changed += OnEvent;
        _watcher.Created += OnEvent;
        _watcher.Deleted += OnEvent;
        _watcher.Renamed += OnEvent;
        _watcher.Error += (_, _) => _hint();
    }

    /// <param name="path">Absolute.</param>
    /// <param name="hint">Called on any thread; must not block.</param>
    /// <param name="reason">Why there are none, when null is returned: no such folder, no inotify instance left.</param>
    public static FileNotices? TryStart(string path, Action hint, out string? reason)
    {
        reason = null;
        FileNotices? notices = null;
        try
        {
            notices = new FileNotices(path, hint);
            notices._watcher.EnableRaisingEvents = true;
            return notices;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            reason = error.Message;
            notices?.Dispose();
            return null;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void OnEvent(object sender, FileSystemEventArgs change)
    {
        // A file that is a link changes when anything on its way does: a container's config map swaps the link ..data beside it.
        if (IsOurs(change.FullPath) || (change is RenamedEventArgs renamed && IsOurs(renamed.OldFullPath)) || IsLink())
        {
            _hint();
        }
    }

    private bool IsOurs(string path) => string.Equals(path, _path, StringComparison.Ordinal);

    private bool IsLink()
    {
        try
        {
            return new FileInfo(_path).LinkTarget is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
