using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>
/// A file that is edited by putting a new one in its place, so that nobody ever reads half of it: written beside it, flushed, given the
/// owner and the mode of the old one, renamed. A link stays a link: what it leads to is replaced.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ReplaceableFile
{
    private const int TempNameBytes = 6;

    private readonly FileFacts _facts;

    private ReplaceableFile(string path, FileFacts facts, byte[] content)
    {
        (Path, _facts, Content) = (path, facts, content);
    }

    /// <summary>Where the file really is.</summary>
    public string Path { get; }

    public byte[] Content { get; }

    /// <summary>The file behind every link.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Resolve(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path);

    public static string FolderOf(string resolved) => System.IO.Path.GetDirectoryName(resolved) ?? "/";

    /// <summary>Why the file cannot be replaced, with a cure; null when nothing speaks against it. Costs a few system calls.</summary>
    public static string? WhyNot(string path)
    {
        try
        {
            var target = Resolve(path);
            return FileFacts.TryRead(target, out var facts, out var error)
                ? WhyNot(target, facts)
                : $"{target} cannot be looked at: {Marshal.GetPInvokeErrorMessage(error)}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be looked at: {failure.Message}";
        }
    }

    /// <exception cref="FileEditException">It cannot be replaced, or not read.</exception>
    public static ReplaceableFile Read(string resolved)
    {
        if (!FileFacts.TryRead(resolved, out var facts, out var error))
        {
            throw new FileEditException($"{resolved} cannot be read: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        if (WhyNot(resolved, facts) is { } problem)
        {
            throw new FileEditException(problem);
        }

        try
        {
            using var stream = new FileStream(resolved, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new ReplaceableFile(resolved, facts, TomlContent.ReadAll(stream).ToArray());
        }
        catch (Exception failure) when (FileProblem.IsOne(failure))
        {
            throw new FileEditException($"{resolved} cannot be read: {failure.Message}");
        }
    }

    /// <summary>Puts the content in the file's place.</summary>
    /// <returns>False when somebody else wrote the file since it was read: nothing is lost, and nothing done.</returns>
    /// <exception cref="FileEditException">The system refuses it.</exception>
    public bool TryReplace(ReadOnlySpan<byte> content)
    {
        var temp = System.IO.Path.Combine(
            FolderOf(Path), $".{System.IO.Path.GetFileName(Path)}.{RandomNumberGenerator.GetHexString(TempNameBytes, lowercase: true)}.tmp");
        try
        {
            Write(temp, content);
            if (!FileFacts.TryRead(Path, out var present, out _) || present != _facts)
            {
                return false;
            }

            return FileCalls.Rename(temp, Path) == 0 ? true : throw Refused(Marshal.GetLastPInvokeError());
        }
        catch (Exception failure) when (failure is not FileEditException && FileProblem.IsOne(failure))
        {
            throw new FileEditException($"{Path} cannot be written: {failure.Message}");
        }
        finally
        {
            // After the rename there is none.
            File.Delete(temp);
        }
    }

    private void Write(string temp, ReadOnlySpan<byte> content)
    {
        // Nobody else may read it before it has its mode: it holds secrets.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var stream = new FileStream(temp, options);
        if (FileCalls.ChangeOwner(stream.SafeFileHandle, _facts.User, _facts.Group) < 0)
        {
            throw new FileEditException($"{Path} cannot be written: a new file could not be given to its owner and group; "
                + "let the file belong to the user and group that telemt runs as");
        }

        File.SetUnixFileMode(stream.SafeFileHandle, _facts.Mode);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static string? WhyNot(string target, FileFacts facts)
    {
        if (facts.IsMounted)
        {
            return $"{target} is mounted by itself, as one file of a container's volume is, and cannot be replaced: mount its folder instead";
        }

        var folder = FolderOf(target);
        if (FileCalls.Access(folder, FileCalls.WriteAndSearch) < 0)
        {
            return Marshal.GetLastPInvokeError() switch
            {
                FileCalls.EROFS => $"the folder {folder} is read-only to telemt (a read-only file system, or the unit's ProtectSystem without ReadWritePaths)",
                _ => $"the user that telemt runs as may not write to the folder {folder}, where an edit puts a new file: let the folder belong to that user",
            };
        }

        var self = FileCalls.User();
        return self != 0 && self != facts.User
            ? $"{target} belongs to another user, to whom telemt could not give a new file: let it belong to the user that telemt runs as"
            : null;
    }

    private FileEditException Refused(int error) => new(error switch
    {
        FileCalls.EBUSY => $"{Path} is mounted by itself and cannot be replaced: mount its folder instead",
        FileCalls.EROFS => $"{Path} cannot be replaced: its file system is read-only",
        FileCalls.EACCES or FileCalls.EPERM => $"{Path} may not be replaced by the user that telemt runs as: let folder and file belong to that user",
        _ => $"{Path} cannot be replaced: {Marshal.GetPInvokeErrorMessage(error)}",
    });
}
