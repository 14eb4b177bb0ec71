using System.Runtime.InteropServices;

namespace Telemt.Worker.Transport;

/// <summary>Those of one loop who hold bytes until somebody else moves, in the order of their last progress.</summary>
internal sealed class StallList
{
    private IStallHolder? _first;
    private IStallHolder? _last;

    private readonly Dictionary<object, long> _backlogs = [];

    public IStallHolder? Oldest => _first;

    /// <summary>
    /// Of the user who holds most, all his sessions together, the one that has stood still longest: who gives when the budget is spent. A
    /// walk over all, at a moment that is to be rare.
    /// </summary>
    public IStallHolder? Heaviest()
    {
        _backlogs.Clear();
        var (payer, most) = (default(object), 0L);
        for (var holder = _first; holder is not null; holder = holder.StalledAfter)
        {
            ref var backlog = ref CollectionsMarshal.GetValueRefOrAddDefault(_backlogs, holder.Payer, out _);
            backlog += holder.Backlog;
            if (backlog > most)
            {
                (payer, most) = (holder.Payer, backlog);
            }
        }

        _backlogs.Clear();
        var heaviest = _first;
        while (heaviest is not null && heaviest.Payer != payer)
        {
            heaviest = heaviest.StalledAfter;
        }

        return heaviest ?? _first;
    }

    public void MoveToEnd(IStallHolder holder)
    {
        if (_last == holder)
        {
            return;
        }

        Remove(holder);
        holder.StalledBefore = _last;
        if (_last is null)
        {
            _first = holder;
        }
        else
        {
            _last.StalledAfter = holder;
        }

        _last = holder;
    }

    public void Remove(IStallHolder holder)
    {
        if (_first != holder && holder.StalledBefore is null)
        {
            return;
        }

        if (holder.StalledBefore is { } before)
        {
            before.StalledAfter = holder.StalledAfter;
        }
        else
        {
            _first = holder.StalledAfter;
        }

        if (holder.StalledAfter is { } after)
        {
            after.StalledBefore = holder.StalledBefore;
        }
        else
        {
            _last = holder.StalledBefore;
        }

        holder.StalledBefore = null;
        holder.StalledAfter = null;
    }
}
