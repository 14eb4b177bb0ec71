using Microsoft.Extensions.Logging;
using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Relay;
using Telemt.Worker.Dialing;
using Telemt.Worker.Logging;
using Telemt.Worker.Middle;
using Telemt.Worker.Telemetry;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>The path of a connection: greet, then serve, mask or drop. One asynchronous method that never leaves its loop.</summary>
internal sealed class ConnectionHandler(
    GateContexts gates,
    Dialer dialer,
    MiddleWay middle,
    MaskRelay mask,
    SessionTelemetry telemetry,
    IRandomSource random,
    TimeProvider clock,
    ILogger<ConnectionHandler> log)
{
    private const long LingerMilliseconds = 2000;

    private readonly LogThrottle _unreachable = new(clock);
    private readonly LogThrottle _unintroduced = new(clock);
    private readonly LogThrottle _mute = new(clock);

    public async Task ServeAsync(Session session, LoopSessions sessions)
    {
        var inbox = new Inbox();
        try
        {
            var introduction = session.Listener.ProxyProtocol ? await Introduction.ReadAsync(session, sessions, inbox) : Refusal.None;
            if (introduction != Refusal.None)
            {
                await RefuseUnintroducedAsync(session, sessions, introduction, inbox);
                return;
            }

            var gate = new ClientGate(gates.For(session.Settings), sessions.LikelyUsersOf(session), session.Address, session, session);
            var step = await Greeter.GreetAsync(session, sessions, gate, inbox, mask);
            session.Decide(step.Refusal, gate.Policy);
            sessions.Note(session, gate, inbox.Bytes);
            switch (step.Action)
            {
                case GateAction.Ready:
                    sessions.Remember(session, gate.UserIndex);
                    await ConnectAsync(session, sessions, step.Client!, inbox, step.Consumed);
                    break;
                case GateAction.Mask when session.EndCause == SessionEnd.None:
                    log.Refused(session.Id, AddressOf(session), step.Refusal, gate.SniText);
                    await mask.ServeAsync(session, sessions, inbox, gate.IsOurSni ? gate.SniText : null);
                    break;
                default:
                    log.Dropped(session.Id, AddressOf(session), step.Refusal);
                    await EndLikeTlsAsync(session, step.Reply);
                    break;
            }
        }
        catch (Exception e)
        {
            log.SessionFault(session.Id, e);
            session.End(SessionEnd.Fault);
        }
        finally
        {
            mask.EndWatch(session);
            inbox.Dispose();
        }
    }

    /// <summary>The data centre has said its first word.</summary>
    /// <param name="milliseconds">Since the handshake.</param>
    public void OnAnswered(Session session, long milliseconds)
    {
        telemetry.OnAnswered(session, milliseconds);
        if (session.Path is { IsMute: true } path)
        {
            dialer.OnAnswered(path);
        }
    }

    /// <summary>Called once for each session, with the stage it was in.</summary>
    public void OnEnded(Session session, SessionStage stage)
    {
        if (stage == SessionStage.Masked)
        {
            mask.Release();
        }

        if (session.EndCause == SessionEnd.DcMute)
        {
            if (session.Path is { } path)
            {
                dialer.OnMute(path);
            }

            if (_mute.TryPass(out var held))
            {
                log.DcMute(session.Id, session.Dc, session.Path is { } way ? $"{way.Target} by {way.Upstream}" : "its middle proxy", held);
            }
        }

        telemetry.OnEnded(session, stage);
        log.Ended(session.Id, session.EndCause, session.User?.Name, session.BytesUp, session.BytesDown);
    }

    /// <summary>Dials the DC and hands both sockets to a relay.</summary>
    private async ValueTask ConnectAsync(Session session, LoopSessions sessions, ReadyClient client, Inbox inbox, int consumed)
    {
        session.Admit(client);
        log.Admitted(session.Id, AddressOf(session), client.User.Name, client.Mode, client.Dc);
        if (!sessions.Serves(client.User))
        {
            session.End(SessionEnd.UserGone);
            return;
        }

        var settings = session.Settings;
        if (settings.Dcs.Find(client.Dc) is not { } route)
        {
            log.UnknownDc(session.Id, client.Dc);
            session.End(SessionEnd.UnknownDc);
            return;
        }

        if (await middle.ServeAsync(session, sessions, client, inbox, consumed))
        {
            return;
        }

        // Whatever may fail comes before the dial: a socket that nobody owns yet would be lost.
        var plan = RelayPlan.Create(client, route.Index, settings.FastMode, random);
        var first = FirstBytes(plan, inbox, consumed);
        var dialled = await dialer.DialAsync(session, route, sessions.Settings.Timeouts);
        if (dialled.Socket is not { } dc)
        {
            if (session.EndCause == SessionEnd.None && _unreachable.TryPass(out var held))
            {
                log.DcUnreachable(session.Id, client.Dc, dialled.Error, held);
            }

            session.End(SessionEnd.DcUnreachable);
            return;
        }

        var sizer = RecordSizer.For(settings.Fronting, random);
        var relay = new Transport.Relay(session.Client, dc, plan.Up, plan.Down, session.Lane, session, plan.DcHeader.Length, sizer);
        session.Run(relay, inbox.Range(first), dialled.Route!.Upstream, dialled.Route.Path);
    }

    /// <summary>A stranger who found the balancer's door sees the site; a balancer that speaks no PROXY protocol is the operator's to mend.</summary>
    private async ValueTask RefuseUnintroducedAsync(Session session, LoopSessions sessions, Refusal refusal, Inbox inbox)
    {
        session.Decide(refusal, session.Settings.Policies.ForStranger(null, session.Address));
        sessions.NoteRefusal(session, inbox.Bytes, isForUs: false);
        if (refusal == Refusal.Untrusted)
        {
            log.Untrusted(session.Id, AddressOf(session));
            await mask.ServeAsync(session, sessions, inbox, domain: null);
            return;
        }

        if (refusal == Refusal.ProxyHeader && _unintroduced.TryPass(out var held))
        {
            log.NoProxyHeader(session.Id, AddressOf(session), session.Listener.Identity.ToString(), held);
        }

        session.End(refusal == Refusal.Evicted ? SessionEnd.Evicted : SessionEnd.Refused);
    }

    private static ClientAddressText AddressOf(Session session) => new(session.Address, session.Settings.Logging.ClientIps);

    /// <summary>Puts the header for the DC in front of what the client sent behind its own: both leave in one write.</summary>
    private static Range FirstBytes(RelayPlan plan, Inbox inbox, int consumed)
    {
        var surplus = inbox.From(consumed);
        var length = surplus.IsEmpty ? 0 : Math.Max(0, plan.Up.Transform(surplus));

        // The client's header took at least as many bytes, so there is room for ours in front.
        var headerAt = consumed - plan.DcHeader.Length;
        var first = headerAt..(consumed + length);
        plan.DcHeader.Span.CopyTo(inbox.Range(first));
        return first;
    }

    /// <summary>After our ServerHello: what a TLS server does with a client it cannot go on with, one short record and FIN.</summary>
    private static async ValueTask EndLikeTlsAsync(Session session, ReadOnlyMemory<byte> record)
    {
        var due = session.Loop.Now + LingerMilliseconds;
        if (session.EndCause == SessionEnd.None && !session.Client.IsClosed && await Greeter.SendAsync(session, record, due))
        {
            session.Client.ShutdownWrite();
            await DiscardAsync(session, due);
        }

        session.End(SessionEnd.Refused);
    }

    /// <summary>A close with unread bytes would send RST behind the FIN.</summary>
    private static async ValueTask DiscardAsync(Session session, long due)
    {
        while (session.Loop.Now < due)
        {
            var received = Scratch.Discard(session.Client);
            if (received is 0 or LoopSocket.Broken
                || (received == LoopSocket.WouldBlock && await session.Waiter!.Readable(session.Client, due) != WaitResult.Ready))
            {
                return;
            }
        }
    }
}
