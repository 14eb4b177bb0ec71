using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Middle;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>The way of a session with an ad tag: to a middle proxy, else directly where that is allowed, else nowhere.</summary>
internal sealed class MiddleWay(MiddlePool pool, IRandomSource random, TimeProvider clock)
{
    private readonly LogThrottle _fallbacks = new(clock);
    private readonly LogThrottle _unserved = new(clock);

    /// <returns>False when the session is to go directly; else it is on its way, or has ended.</returns>
    public async ValueTask<bool> ServeAsync(Session session, LoopSessions sessions, ReadyClient client, Inbox inbox, int consumed)
    {
        var settings = session.Settings.MiddleProxy;
        if (session.Policy.AdTag is not { } tag || !settings.Enabled)
        {
            return false;
        }

        // Who has another way leaves time for it.
        var limit = RelayLimits.Milliseconds(sessions.Settings.Timeouts.Connect);
        var due = session.Loop.Now + (settings.FallbackDirect ? limit / 2 : limit);
        var loop = pool.On(session.Loop);
        var (connection, problem) = await loop.FindAsync(session, due, settings.FallbackDirect);
        if (connection is not null)
        {
            var request = new ProxyRequest(loop.NextId(), session.Address, connection.Ends.Ours, client.Tag, Convert.FromHexString(tag));
            pool.Log.MiddleSession(session.Id, connection.Ends.Middle, session.Dc, request.Id);
            session.Route = SessionRoute.Middle;
            var sizer = RecordSizer.For(session.Settings.Fronting, random);
            session.Run(
                new MiddleRelay(session.Client, connection, request, client, session.Lane, session, random, settings.ClientQueue, sizer),
                inbox.From(consumed),
                connection.Upstream);
            return true;
        }

        if (session.EndCause == SessionEnd.None && settings.FallbackDirect)
        {
            pool.CountFallback();
            session.Route = SessionRoute.Fallback;
            if (_fallbacks.TryPass(out var held))
            {
                pool.Log.MiddleFallback(session.Id, session.Dc, problem ?? "", held);
            }

            return false;
        }

        if (session.EndCause == SessionEnd.None)
        {
            pool.CountUnserved();
            if (_unserved.TryPass(out var held))
            {
                pool.Log.MiddleUnserved(session.Id, session.Dc, problem ?? "", held);
            }
        }

        session.End(SessionEnd.MiddleUnreachable);
        return true;
    }
}
