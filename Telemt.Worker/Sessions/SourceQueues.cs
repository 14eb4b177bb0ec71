using System.Runtime.InteropServices;

namespace Telemt.Worker.Sessions;

/// <summary>
/// One loop's sessions of one stage by their source, each source's in order of arrival: who makes room for another of the same source.
/// Intrusive, as <see cref="SessionList"/>; a session is in one at most.
/// </summary>
internal sealed class SourceQueues
{
    private readonly Dictionary<ulong, (Session First, Session Last)> _ends = [];

    public void Add(Session session)
    {
        ref var ends = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, session.Source!.Source, out var isKnown);
        session.SourcePrevious = isKnown ? ends.Last : null;
        session.SourceNext = null;
        if (isKnown)
        {
            ends.Last.SourceNext = session;
        }

        ends = (isKnown ? ends.First : session, session);
    }

    public void Remove(Session session)
    {
        var source = session.Source!.Source;
        var (previous, next) = (session.SourcePrevious, session.SourceNext);
        if (previous is null && next is null)
        {
            _ends.Remove(source);
            return;
        }

        ref var ends = ref CollectionsMarshal.GetValueRefOrAddDefault(_ends, source, out _);
        if (previous is null)
        {
            ends.First = next!;
        }
        else
        {
            previous.SourceNext = next;
        }

        if (next is null)
        {
            ends.Last = previous!;
        }
        else
        {
            next.SourcePrevious = previous;
        }

        session.SourcePrevious = null;
        session.SourceNext = null;
    }

    /// <summary>The first who was not asked yet; one asked leaves only once his handshake goes on.</summary>
    /// <param name="but">Whom it is for.</param>
    public Session? Oldest(ulong source, Session? but)
    {
        var session = _ends.TryGetValue(source, out var ends) ? ends.First : null;
        while (session is not null && (session.IsEvicted || session == but))
        {
            session = session.SourceNext;
        }

        return session;
    }
}
