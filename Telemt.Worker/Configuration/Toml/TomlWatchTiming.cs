namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// How a <see cref="TomlFileWatcher"/> paces itself. With the defaults an edit is reported about 0.15 s after the last write where the
/// file system gives notice, and at most about 0.7 s after it where only looking helps.
/// </summary>
internal sealed record TomlWatchTiming
{
    /// <summary>Between two looks at the file's times and size.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A changing file is left alone until it was still for so long.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>The same for a missing file: some editors and deployment tools remove it before they write the new one.</summary>
    public TimeSpan QuietWhenMissing { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Between the two reads that must agree.</summary>
    public TimeSpan Confirm { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>A file that never is quiet is read after so long all the same; two reads must still agree.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After a change the content is read at each look for so long: a second write within one tick of the file system's clock (2 s on
    /// FAT, some network file systems 1 s) changes neither time nor, perhaps, size.
    /// </summary>
    public TimeSpan DistrustTimes { get; init; } = TimeSpan.FromMilliseconds(2500);

    /// <summary>The content is read so often even if nothing seems to change: a file put in place with its old times shows no other way.</summary>
    public TimeSpan Reread { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether to ask the file system for notice (inotify) besides looking.</summary>
    public bool UseNotices { get; init; } = true;
}
