using System.Net.Sockets;

namespace Telemt.Worker.Transport;

/// <summary>One datagram with descriptors beside it (SCM_RIGHTS), to a unix socket.</summary>
internal static unsafe class DescriptorMessage
{
    private const int SockDatagram = 2;

    /// <summary>What the kernel passes at once (SCM_MAX_FD is 253).</summary>
    public const int MostDescriptors = 250;

    /// <summary>struct cmsghdr of 64-bit Linux: length 8 (its own included), level 4, type 4; then the descriptors, 4 bytes each.</summary>
    private const int HeaderSize = 16;

    /// <returns>0, or the errno.</returns>
    public static int Send(UnixDomainSocketEndPoint target, ReadOnlySpan<byte> text, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MostDescriptors);
        var fd = Libc.Socket(Libc.AfUnix, SockDatagram | Libc.SockCloseOnExec, 0);
        if (fd < 0)
        {
            return Libc.Errno;
        }

        var length = HeaderSize + (descriptors.Length * sizeof(int));
        var control = stackalloc long[(length + 7) / 8];
        control[0] = length;
        ((int*)control)[2] = Libc.SolSocket;
        ((int*)control)[3] = Libc.ScmRights;
        descriptors.CopyTo(new Span<int>((byte*)control + HeaderSize, descriptors.Length));
        var address = target.Serialize();
        fixed (byte* name = address.Buffer.Span, bytes = text)
        {
            var piece = new Libc.IoVector { Base = bytes, Length = text.Length };
            var message = new Libc.MessageHeader
            {
                Name = name,
                NameLength = address.Size,
                Vectors = &piece,
                VectorCount = 1,
                Control = descriptors.IsEmpty ? null : control,
                ControlLength = descriptors.IsEmpty ? 0 : length,
            };
            var error = Libc.SendMessage(fd, &message, Libc.MsgNoSignal) < 0 ? Libc.Errno : 0;
            _ = Libc.Close(fd);
            return error;
        }
    }
}
