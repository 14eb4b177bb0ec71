using System.Runtime.InteropServices;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>What statx(2) tells of a file: whose it is, and what tells one content of it from another.</summary>
/// <param name="IsMounted">The file itself is a mount point, as a container's volume of one file is.</param>
internal readonly record struct FileFacts(uint User, uint Group, UnixFileMode Mode, bool IsMounted, ulong Inode, ulong Length, long Seconds, uint Nanoseconds)
{
    // struct statx, the same on every architecture, 256 bytes:
    //   0 mask u32, 4 block size u32, 8 attributes u64, 16 links u32, 20 user u32, 24 group u32, 28 mode u16, 32 inode u64,
    //   40 size u64, 48 blocks u64, 56 which attributes are known u64, 64 access, 80 birth, 96 change, 112 modification:
    //   seconds i64, nanoseconds u32, 4 bytes of nothing
    private const int Size = 256;
    private const int AtCurrentFolder = -100;
    private const uint BasicStats = 0x7FF;
    private const ulong MountRoot = 0x2000;
    private const int PermissionBits = 0xFFF;

    /// <returns>False with the error number when the file cannot be asked.</returns>
    public static bool TryRead(string path, out FileFacts facts, out int error)
    {
        Span<byte> found = stackalloc byte[Size];
        error = FileCalls.Stat(AtCurrentFolder, path, flags: 0, BasicStats, found) < 0 ? Marshal.GetLastPInvokeError() : 0;
        facts = error != 0 ? default : new FileFacts(
            U32(found[20..]),
            U32(found[24..]),
            (UnixFileMode)(MemoryMarshal.Read<ushort>(found[28..]) & PermissionBits),
            (U64(found[8..]) & U64(found[56..]) & MountRoot) != 0,
            U64(found[32..]),
            U64(found[40..]),
            (long)U64(found[112..]),
            U32(found[120..]));
        return error == 0;
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes);

    private static ulong U64(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ulong>(bytes);
}
