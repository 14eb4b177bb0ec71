using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Telemt.Core.Policy;
using Telemt.Worker.Transport;

namespace Telemt.Worker.State;

/// <summary>
/// The traffic log on a disk: appended to, each time down to the platter, and written anew once most of it is out of date. A kill or a
/// power cut at any byte leaves all that was appended before. One owner at a time: the file is locked while it is open.
/// </summary>
internal sealed class TrafficFile : IDisposable
{
    /// <summary>Below this a file is not worth writing anew.</summary>
    private const int LeastCompacted = 64 * 1024;

    private const int CompactedShare = 4;

    private readonly string _path;
    private readonly Dictionary<string, TrafficRecord> _records = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private long _end;
    private long _liveSize;

    private TrafficFile(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>The last record of each name.</summary>
    public IReadOnlyCollection<TrafficRecord> Records => _records.Values;

    /// <summary>Bytes at the file's end that were no whole record when it was opened.</summary>
    public long Torn { get; private set; }

    public static string TemporaryOf(string path) => path + ".new";

    /// <exception cref="IOException">It cannot be read or written, or another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    public static TrafficFile Open(string path)
    {
        var file = new TrafficFile(path, Open(path, FileMode.OpenOrCreate));
        try
        {
            file.Load();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
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

    public void Dispose() => _file.Dispose();

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
        var bytes = new byte[RandomAccess.GetLength(_file)];
        _ = RandomAccess.Read(_file, bytes, 0);
        ReadOnlySpan<byte> rest = bytes;
        if (rest.StartsWith(TrafficLog.Header))
        {
            rest = rest[TrafficLog.Header.Length..];
            while (TrafficLog.TryRead(ref rest, out var record))
            {
                Keep(record);
            }

            _end = bytes.Length - rest.Length;
            Torn = rest.Length;
            RandomAccess.SetLength(_file, _end);
            return;
        }

        // New, or torn in its very first write.
        Torn = bytes.Length;
        RandomAccess.SetLength(_file, 0);
        RandomAccess.Write(_file, TrafficLog.Header, 0);
        RandomAccess.FlushToDisk(_file);
        FileSync.Folder(Path.GetDirectoryName(_path)!);
        _end = TrafficLog.Header.Length;
    }

    private void Keep(in TrafficRecord record)
    {
        if (!_records.ContainsKey(record.Name))
        {
            _liveSize += TrafficLog.SizeOf(record);
        }

        _records[record.Name] = record;
    }

    private static SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
}
