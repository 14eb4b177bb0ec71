namespace Telemt.Worker.Sessions;

/// <summary>Sessions of one stage in order of arrival. Intrusive: moving between stages allocates nothing.</summary>
internal sealed class SessionList
{
    private Session? _last;

    public Session? First { get; private set; }

    /// <summary>Written by the loop, readable from any thread.</summary>
    public int Count { get; private set; }

    public void Add(Session session)
    {
        session.Previous = _last;
        session.Next = null;
        if (_last is null)
        {
            First = session;
        }
        else
        {
            _last.Next = session;
        }

        _last = session;
        Count++;
    }

    public void Remove(Session session)
    {
        if (session.Previous is { } previous)
        {
            previous.Next = session.Next;
        }
        else
        {
            First = session.Next;
        }

        if (session.Next is { } next)
        {
            next.Previous = session.Previous;
        }
        else
        {
            _last = session.Previous;
        }

        session.Previous = null;
        session.Next = null;
        Count--;
    }
}
