using Microsoft.Extensions.Logging;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Worker.Dialing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// Everything unauthenticated sees the mask host: the exact bytes that came, then everything else both ways, ended as the mask host ends
/// it (PROTOCOL D.8). Where that cannot be, silence: a close of our own would tell. Only who is one connection too many of his source is
/// closed, as a web server with such a limit does: handed through he would still be one.
/// </summary>
internal sealed class MaskRelay(MaskResolver resolver, Dialer dialer, TimeProvider clock, ILogger<MaskRelay> log)
{
    private readonly LogThrottle _unreachable = new(clock);
    private int _running;

    /// <param name="domain">The client's server name when it is one of ours, else null.</param>
    public async ValueTask ServeAsync(Session session, LoopSessions sessions, Inbox inbox, string? domain)
    {
        var mask = session.Policy.Mask;
        if (!mask.Enabled || session.Client.IsClosed || session.EvictedFor == Refusal.SourceConnections)
        {
            await SwallowAsync(session, sessions);
            return;
        }

        var name = NameOf(mask, domain, session);
        if (session.Watch is { } watch && watch.Host == name && watch.Port == mask.Port && watch.Take(inbox.Bytes, out var left) is { } watched)
        {
            session.MoveTo(SessionStage.Masked);
            session.Run(new Transport.Relay(session.Client, watched, up: null, down: null, session.Lane, session), left);
            return;
        }

        EndWatch(session);
        if (!TryCount(sessions))
        {
            log.MaskFull(session.Id, sessions.Settings.Limits.MaxMask);
            await SwallowAsync(session, sessions);
            return;
        }

        session.MoveTo(SessionStage.Masked);
        var due = session.Loop.Now + RelayLimits.Milliseconds(sessions.Settings.Timeouts.MaskConnect);
        var targets = await resolver.ResolveAsync(session.Settings, name, mask.Port, due - session.Loop.Now);
        var dialled = targets.IsEmpty ? default : await dialer.DialAsync(session, targets, due);
        if (dialled.Socket is not { } host)
        {
            if (session.EndCause == SessionEnd.None && !targets.IsEmpty && _unreachable.TryPass(out var held))
            {
                log.MaskUnreachable(session.Id, name, dialled.Error, held);
            }

            await SwallowAsync(session, sessions);
            return;
        }

        // What has come since goes in the same write: a site that ends with bytes unread resets, one that has read all it got does not.
        while (session.Client.IsReadable && !inbox.IsFull && inbox.Receive(session.Client) > 0)
        {
        }

        var introduction = IntroductionOf(session);
        var relay = new Transport.Relay(session.Client, host, up: null, down: null, session.Lane, session);
        session.Run(relay, introduction.Length == 0 ? inbox.Bytes : [.. introduction, .. inbox.Bytes]);
    }

    /// <summary>
    /// A connection makes no progress: the site comes to stand beside it, if there is one and it may have one more. It counts among the
    /// masked until it is let go.
    /// </summary>
    /// <param name="mask">Where it would go now.</param>
    public void Watch(Session session, LoopSessions sessions, MaskSettings mask)
    {
        if (mask.Enabled && session.Watch is null && TryCount(sessions))
        {
            var watch = new SiteWatch(session, NameOf(mask, domain: null, session), mask.Port, IntroductionOf(session));
            session.Watch = watch;
            _ = BesideAsync(watch, session, sessions);
        }
    }

    /// <summary>The connection is a client's, or has ended: the site beside it is let go.</summary>
    public void EndWatch(Session session)
    {
        if (session.Watch is { } watch)
        {
            session.Watch = null;
            if (!watch.IsTaken)
            {
                watch.Close();
                Release();
            }
        }
    }

    /// <summary>A session that was handed through has ended.</summary>
    public void Release() => Interlocked.Decrement(ref _running);

    private bool TryCount(LoopSessions sessions)
    {
        if (Interlocked.Increment(ref _running) <= sessions.Settings.Limits.MaxMask)
        {
            return true;
        }

        Interlocked.Decrement(ref _running);
        return false;
    }

    private async Task BesideAsync(SiteWatch watch, Session session, LoopSessions sessions)
    {
        try
        {
            var due = session.Loop.Now + RelayLimits.Milliseconds(sessions.Settings.Timeouts.MaskConnect);
            await watch.DialAsync(await resolver.ResolveAsync(session.Settings, watch.Host, watch.Port, due - session.Loop.Now), due);
        }
        catch (Exception e)
        {
            log.SessionFault(session.Id, e);
            watch.Close();
        }
    }

    private static string? NameOf(MaskSettings mask, string? domain, Session session) =>
        mask.Host ?? domain ?? session.Settings.TlsDomains.FirstOrDefault();

    /// <summary>Who the stranger is, for a site that asked to be told.</summary>
    private static byte[] IntroductionOf(Session session) => session.Settings.Fronting.ProxyProtocol is var version and > 0
        ? ProxyProtocolWriter.Write(version, session.Address, session.Client.LocalAddress())
        : [];

    /// <summary>Reads and discards until the peer ends or a web server's patience would; who was to make room goes at once.</summary>
    private static async ValueTask SwallowAsync(Session session, LoopSessions sessions)
    {
        if (session.IsEvicted)
        {
            session.End(SessionEnd.Evicted);
            return;
        }

        var client = session.Client;
        var total = session.Loop.Now + RelayLimits.Milliseconds(sessions.Settings.Timeouts.MaskTotal);
        var lastByteAt = session.Loop.Now;
        while (!client.IsClosed)
        {
            var due = Math.Min(total, lastByteAt + RelayLimits.Milliseconds(sessions.Settings.Timeouts.MaskIdle));
            if (due <= session.Loop.Now)
            {
                break;
            }

            // Evicted again, or cut: nothing is left to try.
            if (!client.IsReadable && await session.Waiter!.Readable(client, due) == WaitResult.Cancelled)
            {
                break;
            }

            var received = client.IsReadable ? Scratch.Discard(client) : LoopSocket.WouldBlock;
            if (received is 0 or LoopSocket.Broken)
            {
                break;
            }

            lastByteAt = received > 0 ? session.Loop.Now : lastByteAt;
        }

        session.End(session.IsEvicted ? SessionEnd.Evicted : SessionEnd.Refused);
    }
}
