using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Answers each request of a known size with so many bytes.</summary>
internal sealed class AnsweringDc(Poller poller, Tally tally, int requestSize, int answerSize) : DcConnection(poller, tally)
{
    private long _answered;

    protected override void OnPayload(long total, int size)
    {
        for (; total >= (_answered + 1) * requestSize; _answered++)
        {
            if (!SendScratch(answerSize))
            {
                End();
                return;
            }
        }
    }
}
