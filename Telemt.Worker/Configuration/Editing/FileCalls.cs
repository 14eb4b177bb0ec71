using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>What replacing a file needs of the system and .NET does not offer: owners, mounts, a lock on a folder, its flush.</summary>
internal static partial class FileCalls
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int EROFS = 30;

    public const int WriteAndSearch = 2 | 1;

    public const int LockExclusiveNow = 2 | 4;

    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>A folder can be opened for reading only, which is enough to lock and to flush it.</summary>
    public static SafeFileHandle OpenFolder(string path) => new(Open(path, ReadOnlyCloseOnExec), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint User();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int folder, string path, int flags, uint mask, Span<byte> result);
}
