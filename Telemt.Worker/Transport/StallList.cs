namespace Telemt.Worker.Transport;

/// <summary>Those of one loop who hold bytes until somebody else moves, in the order of their last progress.</summary>
internal sealed class StallList
{
    private IStallHolder? _first;
    private IStallHolder? _last;

    public IStallHolder? Oldest => _first;

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
