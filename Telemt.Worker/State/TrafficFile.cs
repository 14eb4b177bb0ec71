using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Telemt.Core.Policy;
using Telemt.Worker.Transport;

namespace Telemt.Worker.State;

/// <summary>
/// The traffic log on a disk: appended to, each time down to the platter, and written anew once most of it is out of date. A kill or a
/// power cut at any byte leaves all that was appended before. One owner at a time, by the lock of a file beside it; anybody may read.
/// </summary>
internal sealed class TrafficFile : IDisposable
{
    /// <summary>Below this a file is not worth writing anew.</summary>
    private const int LeastCompacted = 64 * 1024;

    private const int CompactedShare = 4;

    /// <summary>EAGAIN, which the platform passes on: somebody else has the lock.</summary>
    private const int WouldBlock = 11;

    private readonly string _path;
    private readonly SafeFileHandle _lock;
    private readonly Dictionary<string, TrafficRecord> _records = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private long _end;
    private long _liveSize;

    private TrafficFile(string path, SafeFileHandle held)
    {
        _path = path;
        _lock = held;
        _file = Open(path, FileMode.OpenOrCreate);
    }

    /// <summary>The last record of each name.</summary>
    public IReadOnlyCollection<TrafficRecord> Records => _records.Values;

    /// <summary>Bytes at the file's end that were no whole record when it was opened.</summary>
    public long Torn { get; private set; }

    public static string TemporaryOf(string path) => path + ".new";

    public static string LockOf(string path) => path + ".lock";

    /// <returns>Null while another process has it.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public static TrafficFile? TryOpen(string path)
    {
        if (TryLock(path) is not { } held)
        {
            return null;
        }

        TrafficFile? file = null;
        try
        {
            file = new TrafficFile(path, held);
            file.Load();
            return file;
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>The last record of each name as of now, whoever has the file.</summary>
    public static IReadOnlyCollection<TrafficRecord> Read(string path)
    {
        var records = new Dictionary<string, TrafficRecord>(StringComparer.Ordinal);
        foreach (var record in RecordsOf(File.ReadAllBytes(path), out _))
        {
            records[record.Name] = record;
        }

        return records.Values;
    }

    /// <summary>Returns when they are on the disk.</summary>
    public void Append(IReadOnlyCollection<TrafficRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        var bytes = new ArrayBufferWriter<byte>();
        foreach (var record in records)
        {
            TrafficLog.Append(bytes, record);
            Keep(record);
        }

        RandomAccess.Write(_file, bytes.WrittenSpan, _end);
        RandomAccess.FlushToDisk(_file);
        _end += bytes.WrittenCount;
        if (_end > Math.Max(LeastCompacted, CompactedShare * _liveSize))
        {
            Compact();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>The new file is whole on the disk before it takes the old one's name, so that one of them always is.</summary>
    private void Compact()
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(TrafficLog.Header);
        foreach (var record in _records.Values)
        {
            TrafficLog.Append(bytes, record);
        }

        var temporary = TemporaryOf(_path);
        var file = Open(temporary, FileMode.Create);
        try
        {
            RandomAccess.Write(file, bytes.WrittenSpan, 0);
            RandomAccess.FlushToDisk(file);
            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        FileSync.Folder(Path.GetDirectoryName(_path)!);
        _file.Dispose();
        _file = file;
        _end = bytes.WrittenCount;
    }

    private void Load()
    {
        var bytes = File.ReadAllBytes(_path);
        foreach (var record in RecordsOf(bytes, out _end))
        {
            Keep(record);
        }

        Torn = bytes.Length - _end;
        RandomAccess.SetLength(_file, _end);
        if (_end == 0)
        {
            // New, or torn in its very first write.
            RandomAccess.Write(_file, TrafficLog.Header, 0);
            RandomAccess.FlushToDisk(_file);
            FileSync.Folder(Path.GetDirectoryName(_path)!);
            _end = TrafficLog.Header.Length;
        }
    }

    /// <param name="end">Behind the last whole record; 0 for what is no log.</param>
    private static List<TrafficRecord> RecordsOf(ReadOnlySpan<byte> bytes, out long end)
    {
        var records = new List<TrafficRecord>();
        end = 0;
        if (bytes.StartsWith(TrafficLog.Header))
        {
            var rest = bytes[TrafficLog.Header.Length..];
            while (TrafficLog.TryRead(ref rest, out var record))
            {
                records.Add(record);
            }

            end = bytes.Length - rest.Length;
        }

        return records;
    }

    private void Keep(in TrafficRecord record)
    {
        if (!_records.ContainsKey(record.Name))
        {
            _liveSize += TrafficLog.SizeOf(record);
        }

        _records[record.Name] = record;
    }

    private static SafeFileHandle? TryLock(string path)
    {
        try
        {
            return File.OpenHandle(LockOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
