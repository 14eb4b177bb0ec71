using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// What a look at a file costs next to nothing to see. The file is opened, so that links are followed at every level of its path.
/// </summary>
/// <param name="Identity">Which file it is, whatever its name: two versions of one length may bear the same times, as in an image.</param>
internal readonly record struct FileStamp(bool Exists, bool Readable, DateTime Written, long Length, string Identity)
{
    private static readonly FileStamp Missing = new(false, false, default, 0, "");
    private static readonly FileStamp Unreadable = new(true, false, default, 0, "");

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
            return new FileStamp(true, true, File.GetLastWriteTimeUtc(handle), RandomAccess.GetLength(handle), IdentityOf(handle));
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

    /// <summary>
    /// The path without links, and what the kernel notes of the descriptor: mount and, since Linux 5.14, inode. .NET tells neither.
    /// Empty where there is no /proc.
    /// </summary>
    private static string IdentityOf(SafeFileHandle handle)
    {
        var descriptor = handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
        var notes = "/proc/self/fdinfo/" + descriptor;
        if (!File.Exists(notes))
        {
            return "";
        }

        using var reader = File.OpenHandle(notes);
        Span<byte> text = stackalloc byte[256];
        text = text[..RandomAccess.Read(reader, text, fileOffset: 0)];
        return new FileInfo("/proc/self/fd/" + descriptor).LinkTarget + "\n" + Encoding.ASCII.GetString(text);
    }
}
