using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>Reads what nobody wants.</summary>
internal static unsafe class Scratch
{
    /// <summary>As <see cref="LoopSocket"/>'s TryReceive; the bytes are gone.</summary>
    public static int Discard(LoopSocket socket) => socket.TryReceive(socket.Loop.Buffers.Scratch, BufferPool.ScratchSize);
}
