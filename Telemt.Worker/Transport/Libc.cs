using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Telemt.Worker.Transport;

/// <summary>
/// The system calls of the data plane, blittable so that ReadyToRun compiles the stubs. A call that fails returns -1 and
/// <see cref="Errno"/> must be read at once.
/// </summary>
internal static unsafe class Libc
{
    public const int AfUnix = 1;
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int SockStream = 1;
    public const int SockNonBlock = 0x800;
    public const int SockCloseOnExec = 0x80000;

    public const int SolSocket = 1;
    public const int SoReuseAddr = 2;
    public const int SoError = 4;
    public const int ScmRights = 1;
    public const int SoKeepAlive = 9;
    public const int SoLinger = 13;
    public const int SoReusePort = 15;
    public const int SoBindToDevice = 25;
    public const int SoAcceptConnections = 30;
    public const int IpProtoIp = 0;
    public const int IpBindAddressNoPort = 24;
    public const int IpProtoTcp = 6;
    public const int TcpNoDelay = 1;
    public const int TcpMaxSegment = 2;
    public const int TcpKeepIdle = 4;
    public const int TcpKeepInterval = 5;
    public const int TcpKeepCount = 6;
    public const int TcpUserTimeout = 18;
    public const int TcpNotSentLowWater = 25;

    /// <summary>SIOCOUTQ: bytes that the peer has not acknowledged.</summary>
    public const int UnacknowledgedBytes = 0x5411;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6Only = 26;

    public const int MsgNoSignal = 0x4000;
    public const int ShutWrite = 1;

    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollError = 0x008;
    public const uint EpollHangUp = 0x010;
    public const uint EpollPeerHangUp = 0x2000;
    public const uint EpollExclusive = 1u << 28;
    public const uint EpollEdge = 1u << 31;

    public const int EfdNonBlock = 0x800;
    public const int EfdCloseOnExec = 0x80000;

    public const uint SpliceMove = 1;
    public const uint SpliceNonBlock = 2;
    public const int SetPipeSize = 1031;

    public const int RlimitNoFile = 7;

    public const int SetDescriptorFlags = 2;
    public const int CloseOnExec = 1;

    public const int OpenCloseOnExec = 0x80000;

    public const int CurrentFolder = -100;
    public const uint StatusOfType = 1;
    public const int FileTypeMask = 0xf000;
    public const int FileTypeSocket = 0xc000;

    public const int EPERM = 1;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int ENODEV = 19;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EPIPE = 32;
    public const int ENOSYS = 38;
    public const int EAFNOSUPPORT = 97;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ENETUNREACH = 101;
    public const int ECONNABORTED = 103;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EHOSTUNREACH = 113;
    public const int EINPROGRESS = 115;

    public static int Errno => Marshal.GetLastSystemError();

    [DllImport("libc", EntryPoint = "socket")]
    public static extern int Socket(int family, int type, int protocol);

    [DllImport("libc", EntryPoint = "bind")]
    public static extern int Bind(int fd, byte* address, int size);

    [DllImport("libc", EntryPoint = "listen")]
    public static extern int Listen(int fd, int backlog);

    [DllImport("libc", EntryPoint = "accept4")]
    public static extern int Accept(int fd, byte* address, int* size, int flags);

    [DllImport("libc", EntryPoint = "connect")]
    public static extern int Connect(int fd, byte* address, int size);

    [DllImport("libc", EntryPoint = "recv")]
    public static extern nint Receive(int fd, byte* buffer, nint size, int flags);

    [DllImport("libc", EntryPoint = "send")]
    public static extern nint Send(int fd, byte* buffer, nint size, int flags);

    [DllImport("libc", EntryPoint = "sendmsg")]
    public static extern nint SendMessage(int fd, MessageHeader* message, int flags);

    [DllImport("libc", EntryPoint = "splice")]
    public static extern nint Splice(int from, nint fromOffset, int to, nint toOffset, nint size, uint flags);

    [DllImport("libc", EntryPoint = "pipe2")]
    public static extern int Pipe(int* ends, int flags);

    [DllImport("libc", EntryPoint = "shutdown")]
    public static extern int Shutdown(int fd, int how);

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int fd);

    [DllImport("libc", EntryPoint = "setsockopt")]
    public static extern int SetOption(int fd, int level, int name, void* value, int size);

    [DllImport("libc", EntryPoint = "getsockopt")]
    public static extern int GetOption(int fd, int level, int name, void* value, int* size);

    [DllImport("libc", EntryPoint = "getsockname")]
    public static extern int LocalName(int fd, byte* address, int* size);

    [DllImport("libc", EntryPoint = "epoll_create1")]
    public static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl")]
    public static extern int EpollControl(int epoll, int operation, int fd, byte* epollEvent);

    [DllImport("libc", EntryPoint = "epoll_wait")]
    public static extern int EpollWait(int epoll, byte* events, int count, int timeoutMilliseconds);

    [DllImport("libc", EntryPoint = "eventfd")]
    public static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "read")]
    public static extern nint Read(int fd, void* buffer, nint size);

    [DllImport("libc", EntryPoint = "write")]
    public static extern nint Write(int fd, void* buffer, nint size);

    [DllImport("libc", EntryPoint = "getrlimit")]
    public static extern int GetLimit(int resource, ResourceLimit* limit);

    [DllImport("libc", EntryPoint = "fcntl")]
    public static extern int Control(int fd, int command, int argument);

    [DllImport("libc", EntryPoint = "ioctl")]
    public static extern int DeviceControl(int fd, nuint request, int* value);

    [DllImport("libc", EntryPoint = "statx")]
    public static extern int Status(int folder, byte* path, int flags, uint mask, FileStatus* status);

    /// <summary>O_DIRECTORY is another bit on ARM.</summary>
    public static int OpenFolder => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    [DllImport("libc", EntryPoint = "open")]
    public static extern int Open(byte* path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    public static extern int Sync(int fd);

    public static int SetOption(int fd, int level, int name, int value) => SetOption(fd, level, name, &value, sizeof(int));

    [DllImport("libc", EntryPoint = "gettid")]
    public static extern int ThreadId();

    [DllImport("libc", EntryPoint = "clock_gettime")]
    public static extern int ReadClock(int clock, TimeSpec* time);

    /// <summary>The clock of a thread's CPU time, as pthread_getcpuclockid makes it: bit 2 for a thread, 2 in the lower ones for its CPU time.</summary>
    public static int CpuClockOf(int thread) => (~thread << 3) | 4 | 2;

    /// <summary>struct timespec.</summary>
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct iovec.</summary>
    public struct IoVector
    {
        public byte* Base;
        public nint Length;
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    public struct MessageHeader
    {
        public void* Name;
        public int NameLength;
        public IoVector* Vectors;
        public nint VectorCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>struct statx, of which we read one field.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;
    }

    public struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
