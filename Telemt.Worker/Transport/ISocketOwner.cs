namespace Telemt.Worker.Transport;

/// <summary>Who is told when a socket becomes readable or writable: a waiter during a handshake, a relay afterwards.</summary>
internal interface ISocketOwner
{
    void OnReady(LoopSocket socket);

    /// <summary>The owner threw: end what belongs to it.</summary>
    void OnFault(LoopSocket socket);
}
