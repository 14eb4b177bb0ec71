using Telemt.Core.Gate;
using Telemt.Core.Wire;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// What a balancer says in front of a connection on a listener with the PROXY protocol (PROTOCOL H.3): there it is mandatory, and only
/// trusted networks may say it. From then on the client it names is the one that counts: for policies, limits and logs.
/// </summary>
internal static class Introduction
{
    /// <summary>A balancer sends it with its first segment. One lost is sent again after a second.</summary>
    private const long PatienceMilliseconds = 3000;

    /// <returns>Nothing when the client may go on, its bytes being all that the inbox holds.</returns>
    public static async ValueTask<Refusal> ReadAsync(Session session, LoopSessions sessions, Inbox inbox)
    {
        if (!session.Listener.Trusts(session.Address))
        {
            sessions.Locate(session);
            return Refusal.Untrusted;
        }

        var client = session.Client;
        var due = session.StartedAt + PatienceMilliseconds;
        while (true)
        {
            var header = ProxyProtocolHeader.Scan(inbox.Bytes);
            switch (header.Status)
            {
                case ProxyProtocolStatus.Complete:
                    // Who names nobody is the balancer, and no source that should be limited.
                    if (header.Source is { } source)
                    {
                        session.ComesFrom(source);
                        sessions.Locate(session);
                    }

                    inbox.Skip(header.Length);
                    return Refusal.None;
                case ProxyProtocolStatus.Malformed:
                    return Refusal.ProxyHeader;
            }

            if (!client.IsReadable)
            {
                var waited = await session.Waiter!.Readable(client, due);
                if (waited != WaitResult.Ready)
                {
                    return waited == WaitResult.Cancelled ? Refusal.Evicted : Refusal.ProxyHeader;
                }

                continue;
            }

            // The balancer's look whether we are alive ends without a word.
            var received = inbox.Receive(client);
            if (received is 0 or LoopSocket.Broken)
            {
                return inbox.Length == 0 ? Refusal.Ended : Refusal.ProxyHeader;
            }
        }
    }
}
