using Telemt.Core.Gate;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// Feeds the gate until it decides, within the limits of each phase: first_byte until something comes, then handshake in all, and a
/// second without progress while what came may be no client's at all.
/// </summary>
internal static class Greeter
{
    private const long UrgentMilliseconds = 1000;

    public static async ValueTask<GateStep> GreetAsync(Session session, LoopSessions sessions, ClientGate gate, Inbox inbox)
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
                if (!await session.WaitUntilAsync(lastByteAt + step.Delay)
                    || !await SendAsync(session, step.Reply, firstByteAt + HandshakeLimit(sessions)))
                {
                    return gate.End();
                }

                inbox.Clear();
                continue;
            }

            if (step.Action != GateAction.Read)
            {
                return step;
            }

            while (!client.IsReadable)
            {
                var due = firstByteAt == 0
                    ? session.StartedAt + sessions.FirstByteLimit()
                    : firstByteAt + HandshakeLimit(sessions);
                if (step.Urgent)
                {
                    due = Math.Min(due, lastByteAt + UrgentMilliseconds);
                }

                if (due <= session.Loop.Now)
                {
                    return gate.Expire();
                }

                // A nudge says ready though nothing is there: an edit may have moved the limit.
                var waited = await session.Waiter!.Readable(client, due);
                if (waited == WaitResult.Cancelled)
                {
                    return session.IsEvicted ? gate.Evict() : gate.End();
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
