namespace Telemt.Worker.Transport;

/// <summary>The directions of one loop that hold bytes for a full sink, in the order of their last progress.</summary>
internal sealed class StallList
{
    private RelayDirection? _first;
    private RelayDirection? _last;

    public RelayDirection? Oldest => _first;

    public void MoveToEnd(RelayDirection direction)
    {
        if (_last == direction)
        {
            return;
        }

        Remove(direction);
        direction.StalledBefore = _last;
        if (_last is null)
        {
            _first = direction;
        }
        else
        {
            _last.StalledAfter = direction;
        }

        _last = direction;
    }

    public void Remove(RelayDirection direction)
    {
        if (_first != direction && direction.StalledBefore is null)
        {
            return;
        }

        if (direction.StalledBefore is { } before)
        {
            before.StalledAfter = direction.StalledAfter;
        }
        else
        {
            _first = direction.StalledAfter;
        }

        if (direction.StalledAfter is { } after)
        {
            after.StalledBefore = direction.StalledBefore;
        }
        else
        {
            _last = direction.StalledBefore;
        }

        direction.StalledBefore = null;
        direction.StalledAfter = null;
    }
}
