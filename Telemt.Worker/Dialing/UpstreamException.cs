using Telemt.Core.Routing;

namespace Telemt.Worker.Dialing;

/// <summary>An upstream did not lead to its target.</summary>
/// <param name="message">In words, without secrets.</param>
internal sealed class UpstreamException(DialFault fault, string message) : IOException(message)
{
    /// <summary>Whom it is charged to.</summary>
    public DialFault Fault { get; } = fault;
}
