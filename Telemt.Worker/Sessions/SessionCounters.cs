using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Worker.Sessions;

/// <summary>Plain counts of one loop, written by its thread only and summed by whoever reads them.</summary>
internal sealed class SessionCounters
{
    private readonly long[] _refusals = new long[Enum.GetValues<Refusal>().Length];
    private readonly long[] _modes = new long[Enum.GetValues<ClientMode>().Length];
    private readonly long[] _classes = new long[Enum.GetValues<StrangerClass>().Length];
    private readonly long[] _answered = new long[Enum.GetValues<KeyGroup>().Length];
    private readonly long[] _abandoned = new long[Enum.GetValues<KeyGroup>().Length];
    private readonly long[] _ends = new long[Enum.GetValues<SessionEnd>().Length];

    public long Accepted { get; set; }

    public long Admitted { get; set; }

    public long Masked { get; set; }

    /// <summary>Connections that had to go before they had shown what they are.</summary>
    public long Evicted { get; set; }

    /// <summary>Of ended sessions; the running ones count their own.</summary>
    public long BytesUp { get; set; }

    public long BytesDown { get; set; }

    public void Count(ClientMode mode) => _modes[(int)mode]++;

    public void Count(Refusal refusal) => _refusals[(int)refusal]++;

    public void Count(StrangerClass looks) => _classes[(int)looks]++;

    /// <summary>A hello was answered by a flight of ours.</summary>
    /// <param name="isAbandoned">Nothing came behind it: the client did not like the flight, or somebody in between did not.</param>
    public void CountFlight(KeyGroup group, bool isAbandoned)
    {
        _answered[(int)group]++;
        _abandoned[(int)group] += isAbandoned ? 1 : 0;
    }

    public void Count(SessionEnd end) => _ends[(int)end]++;

    /// <summary>Of those who were admitted.</summary>
    public long Of(ClientMode mode) => Volatile.Read(ref _modes[(int)mode]);

    public long Of(Refusal refusal) => Volatile.Read(ref _refusals[(int)refusal]);

    public long Of(StrangerClass looks) => Volatile.Read(ref _classes[(int)looks]);

    public long AnsweredBy(KeyGroup group) => Volatile.Read(ref _answered[(int)group]);

    public long AbandonedBehind(KeyGroup group) => Volatile.Read(ref _abandoned[(int)group]);

    public long Of(SessionEnd end) => Volatile.Read(ref _ends[(int)end]);
}
