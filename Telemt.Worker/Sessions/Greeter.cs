using Telemt.Core.Gate;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// Feeds the gate until it decides, within the limits of each phase: first_byte until something comes, then handshake in all. Who makes
/// no progress meanwhile gets the mask host beside him, whose patience is then the one that counts.
/// </summary>
internal static class Greeter
{
    /// <summary>
    /// A client speaks as soon as it is connected, and its hello comes in one go: what takes longer may be no client's at all. Short, since
    /// the host's own clock starts with it; a hello whose second segment was lost costs a dial for nothing.
    /// </summary>
    private const long Patience = 200;

    /// <summary>For bytes that a web server would answer at once, half a header: the client is lost when it does.</summary>
    private const long PatienceWithHeader = 1000;

    public static async ValueTask<GateStep> GreetAsync(
        Session session, LoopSessions sessions, ClientGate gate, Inbox inbox, MaskRelay mask)
    {
        var client = session.Client;
        var lastByteAt = session.StartedAt;

        // Behind a balancer's header there may be bytes already.
        var firstByteAt = inbox.Length > 0 ? session.Loop.Now : 0L;
        while (true)
        {
            var step = gate.Step(inbox.Bytes);
            if (step.Action == GateAction.Write)
            {
                mask.EndWatch(session);
                if (!await session.WaitUntilAsync(lastByteAt + step.Delay)
                    || !await SendAsync(session, step.Reply, firstByteAt + HandshakeLimit(sessions)))
                {
                    return gate.End();
                }

                session.Greet();
                inbox.Clear();
                continue;
            }

            if (step.Action == GateAction.Yield)
            {
                if (await session.Waiter!.Turn() == WaitResult.Cancelled)
                {
                    return session.IsEvicted ? gate.Evict(session.EvictedFor) : gate.End();
                }

                continue;
            }

            if (step.Action != GateAction.Read)
            {
                return step;
            }

            while (!client.IsReadable)
            {
                session.Watch?.Feed(inbox.Bytes);
                if (session.Watch is { HasSpoken: true })
                {
                    return gate.Expire();
                }

                var due = firstByteAt == 0
                    ? session.StartedAt + sessions.FirstByteLimit()
                    : firstByteAt + HandshakeLimit(sessions);
                if (due <= session.Loop.Now)
                {
                    return gate.Expire();
                }

                var isUndecided = gate.State != GateState.InnerHeader && session.Watch is null;
                var stalls = lastByteAt + (gate.State == GateState.Header64 ? PatienceWithHeader : Patience);
                if (isUndecided && stalls <= session.Loop.Now)
                {
                    mask.Watch(session, sessions, gate.Policy.Mask);
                    isUndecided = false;
                }

                // A nudge says ready though nothing is there: an edit may have moved the limit, or the site has something to say.
                var waited = await session.Waiter!.Readable(client, isUndecided ? Math.Min(due, stalls) : due);
                if (waited == WaitResult.Cancelled)
                {
                    return session.IsEvicted ? gate.Evict(session.EvictedFor) : gate.End();
                }
            }

            if (inbox.IsFull)
            {
                return gate.Expire();
            }

            var received = inbox.Receive(client);
            if (received is 0 or LoopSocket.Broken)
            {
                return gate.End();
            }

            if (received > 0)
            {
                lastByteAt = session.Loop.Now;
                firstByteAt = firstByteAt == 0 ? lastByteAt : firstByteAt;
            }
        }
    }

    /// <summary>Sends all of it, usually in one write. False when the client is gone or does not take it in time.</summary>
    public static async ValueTask<bool> SendAsync(Session session, ReadOnlyMemory<byte> bytes, long due)
    {
        while (!bytes.IsEmpty)
        {
            var sent = session.Client.TrySend(bytes.Span);
            if (sent == LoopSocket.Broken)
            {
                return false;
            }

            bytes = bytes[Math.Max(sent, 0)..];
            if (!bytes.IsEmpty && await session.Waiter!.Writable(session.Client, due) != WaitResult.Ready)
            {
                return false;
            }
        }

        return true;
    }

    private static long HandshakeLimit(LoopSessions sessions) => RelayLimits.Milliseconds(sessions.Settings.Timeouts.Handshake);
}
