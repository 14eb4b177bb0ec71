using Telemt.Core.Fronting;

namespace Telemt.Worker.Fronting;

/// <summary>What became of one question to a mask host.</summary>
/// <param name="Flight">Null when there was no answer.</param>
/// <param name="Delay">From the begin of the dial to the first byte.</param>
/// <param name="Error">Why there was no answer.</param>
internal sealed record MaskAnswer(HostFlight? Flight, TimeSpan Delay, string? Error)
{
    public static MaskAnswer None(string error) => new(null, TimeSpan.Zero, error);
}
