using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telemt.Worker.Transport;

/// <summary>
/// struct epoll_event: 32 bits of events, 64 of data. The kernel packs it to 12 bytes on x64 only; elsewhere the data is aligned and the
/// structure takes 16.
/// </summary>
internal static unsafe class Epoll
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static readonly int EventSize = DataOffset + sizeof(ulong);

    public static uint Events(byte* array, int index) => Unsafe.ReadUnaligned<uint>(array + (index * EventSize));

    public static ulong Data(byte* array, int index) => Unsafe.ReadUnaligned<ulong>(array + (index * EventSize) + DataOffset);

    public static int Control(int epoll, int operation, int fd, uint events, ulong data)
    {
        var buffer = stackalloc byte[16];
        Unsafe.WriteUnaligned(buffer, events);
        Unsafe.WriteUnaligned(buffer + DataOffset, data);
        return Libc.EpollControl(epoll, operation, fd, buffer);
    }
}
