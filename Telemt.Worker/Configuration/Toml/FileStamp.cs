namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// What a look at a file costs next to nothing to see. The file is opened, so that links are followed at every level of its path: a
/// swapped link shows as the times of another file.
/// </summary>
internal readonly record struct FileStamp(bool Exists, bool Readable, DateTime Written, DateTime Created, long Length)
{
    private static readonly FileStamp Missing = new(false, false, default, default, 0);
    private static readonly FileStamp Unreadable = new(true, false, default, default, 0);

    public static FileStamp Of(string path)
    {
        // Spares an exception at every look while the file is missing.
        if (!File.Exists(path))
        {
            return Directory.Exists(path) ? Unreadable : Missing;
        }

        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(
                true, true, File.GetLastWriteTimeUtc(handle), File.GetCreationTimeUtc(handle), RandomAccess.GetLength(handle));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Missing;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }
}
