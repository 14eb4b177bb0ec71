using Telemt.Core;

namespace Telemt.Worker.Transport;

/// <summary>Takes the connections of a loop's listeners. Loop thread only.</summary>
internal interface IAcceptor
{
    /// <summary>Owns the descriptor from here on.</summary>
    void OnAccepted(LoopListener listener, int fd, ClientAddress address);

    /// <summary>The process has no descriptor left. True when room was made and accepting may go on at once.</summary>
    bool OnDescriptorsExhausted();
}
