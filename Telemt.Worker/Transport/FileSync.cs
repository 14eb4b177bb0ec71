using System.Text;

namespace Telemt.Worker.Transport;

/// <summary>What the platform's files leave out.</summary>
internal static unsafe class FileSync
{
    /// <summary>
    /// Makes what was created, renamed or deleted in a folder outlive a power cut. Where a file system cannot, the rename is as safe as
    /// it makes it.
    /// </summary>
    public static void Folder(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* bytes = name)
        {
            var fd = Libc.Open(bytes, Libc.OpenFolder | Libc.OpenCloseOnExec);
            if (fd >= 0)
            {
                _ = Libc.Sync(fd);
                _ = Libc.Close(fd);
            }
        }
    }
}
