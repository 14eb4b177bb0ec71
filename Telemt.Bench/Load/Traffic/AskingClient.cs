using System.Diagnostics;
using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Asks, awaits the whole answer, tells of it, and asks again when told to.</summary>
internal sealed class AskingClient(
    Poller poller,
    Opening opening,
    Tally tally,
    int requestSize,
    int answerSize,
    Action<AskingClient, long> answered,
    Action<AskingClient>? broken = null)
    : ClientConnection(poller, opening, tally)
{
    private readonly int _answerSize = opening.Wrapped(answerSize);
    private int _missing;
    private long _asked;

    protected override int FirstPayload => requestSize;

    /// <summary>Sends another request.</summary>
    public void Ask()
    {
        _asked = Stopwatch.GetTimestamp();
        _missing = _answerSize;
        if (!SendMessage(requestSize))
        {
            Break();
        }
    }

    protected override void OnFirstSent()
    {
        _asked = Stopwatch.GetTimestamp();
        _missing = _answerSize;
    }

    protected override void OnThrough(uint events)
    {
        var size = Discard();
        if (size < 0)
        {
            Break();
            return;
        }

        _missing -= size;
        if (size > 0 && _missing <= 0)
        {
            Tally.Answers++;
            answered(this, Stopwatch.GetTimestamp() - _asked);
        }
    }

    protected override void Break()
    {
        base.Break();
        broken?.Invoke(this);
    }
}
