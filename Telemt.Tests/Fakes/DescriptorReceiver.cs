using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Telemt.Worker.Transport;

namespace Telemt.Tests.Fakes;

/// <summary>A service manager's end of sd_notify that also takes descriptors, as the kernel hands them out.</summary>
internal sealed unsafe class DescriptorReceiver : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public DescriptorReceiver()
    {
        Address = "@telemt-store-" + Guid.NewGuid().ToString("N");
        _socket.Bind(new UnixDomainSocketEndPoint('\0' + Address[1..]));
    }

    public string Address { get; }

    public bool HasMessage => _socket.Available > 0;

    /// <summary>One message with the descriptors that came beside it; they are the caller's.</summary>
    public (string Text, int[] Descriptors) Receive()
    {
        var text = new byte[4096];
        var control = new byte[2048];
        fixed (byte* bytes = text, beside = control)
        {
            var piece = new Libc.IoVector { Base = bytes, Length = text.Length };
            var message = new Libc.MessageHeader { Vectors = &piece, VectorCount = 1, Control = beside, ControlLength = control.Length };
            var length = (int)ReceiveMessage((int)_socket.Handle, &message, 0);
            Assert.That(length, Is.Positive);
            var descriptors = message.ControlLength == 0
                ? []
                : MemoryMarshal.Cast<byte, int>(control.AsSpan(16, (int)*(long*)beside - 16)).ToArray();
            return (Encoding.UTF8.GetString(text, 0, length), descriptors);
        }
    }

    public void Dispose() => _socket.Dispose();

    [DllImport("libc", EntryPoint = "recvmsg")]
    private static extern nint ReceiveMessage(int fd, Libc.MessageHeader* message, int flags);
}
