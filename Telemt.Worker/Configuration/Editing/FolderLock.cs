using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>
/// Lets one telemt at a time edit the files of a folder: the running proxy's page, and `telemt users`. The folder itself is locked
/// (flock), since the file is another one after each edit, and since a lock file would be left behind.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly SafeFileHandle _folder;

    private FolderLock(SafeFileHandle folder) => _folder = folder;

    /// <returns>Null when another process has kept it all the time.</returns>
    /// <exception cref="FileEditException">The folder cannot be opened or locked.</exception>
    public static async Task<FolderLock?> TakeAsync(string folder, TimeSpan limit, CancellationToken cancellation)
    {
        var handle = FileCalls.OpenFolder(folder);
        try
        {
            Check(handle.IsInvalid, folder, "opened");
            var began = Stopwatch.GetTimestamp();
            while (FileCalls.Lock(handle, FileCalls.LockExclusiveNow) < 0)
            {
                Check(Marshal.GetLastPInvokeError() is not (FileCalls.EAGAIN or FileCalls.EINTR), folder, "locked");
                if (Stopwatch.GetElapsedTime(began) > limit)
                {
                    handle.Dispose();
                    return null;
                }

                await Task.Delay(Pause, cancellation);
            }

            return new FolderLock(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Puts a rename on the disk.</summary>
    public void Flush() => _ = FileCalls.Flush(_folder);

    public void Dispose() => _folder.Dispose();

    private static void Check(bool failed, string folder, string what)
    {
        if (failed)
        {
            throw new FileEditException($"the folder {folder} cannot be {what}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
