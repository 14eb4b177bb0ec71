using System.Net;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// The mask host beside a connection that keeps silent or has stopped in the middle of a hello. It is dialled and gets whatever comes,
/// so that such a connection ends when and how the host would end it; as long as it has said nothing the client may still turn out to be
/// one of ours, and then the host is let go. Loop thread only.
/// </summary>
internal sealed class SiteWatch : ISocketOwner
{
    private readonly Session _session;
    private readonly LoopWaiter _waiter;
    private readonly ReadOnlyMemory<byte> _introduction;
    private LoopSocket? _site;
    private int _introduced;
    private int _fed;
    private bool _closed;

    /// <param name="host">Name, address or a unix socket's path; null leads nowhere.</param>
    /// <param name="introduction">For a site that wants to be told who connects.</param>
    public SiteWatch(Session session, string? host, int port, ReadOnlyMemory<byte> introduction)
    {
        _session = session;
        Host = host;
        Port = port;
        _introduction = introduction;
        _waiter = new LoopWaiter(session.Loop);
    }

    public string? Host { get; }

    public int Port { get; }

    /// <summary>A relay has it.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>The host has said something, or ended: what it says is the client's.</summary>
    public bool HasSpoken => _site is { } site && (site.IsReadable || site.PeerEnded);

    /// <summary>Connects to the first target that answers; nothing comes of it if none does.</summary>
    public async ValueTask DialAsync(IReadOnlyList<EndPoint> targets, long due)
    {
        foreach (var target in targets)
        {
            if (_closed || LoopSocket.BeginConnect(_session.Loop, target, out _) is not { } socket)
            {
                continue;
            }

            var waited = WaitResult.Ready;
            while (waited == WaitResult.Ready && !socket.IsWritable)
            {
                waited = await _waiter.Writable(socket, due);
            }

            if (_closed || waited != WaitResult.Ready || (socket.PeerEnded && socket.TakeConnectError() != 0))
            {
                socket.Close();
                continue;
            }

            _site = socket;
            socket.Owner = this;

            // The handshake looks again, and feeds what came meanwhile.
            _session.Waiter?.Nudge();
            return;
        }
    }

    /// <summary>Gives the host what it has not got yet.</summary>
    /// <param name="bytes">All that the client has sent.</param>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_site is not { IsClosed: false, IsWritable: true } site)
        {
            return;
        }

        if (_introduced < _introduction.Length)
        {
            _introduced += Math.Max(0, site.TrySend(_introduction.Span[_introduced..]));
        }

        if (_introduced == _introduction.Length && bytes.Length > _fed)
        {
            _fed += Math.Max(0, site.TrySend(bytes[_fed..]));
        }
    }

    /// <summary>Hands the host over, with what is left to be sent to it.</summary>
    /// <param name="bytes">All that the client has sent.</param>
    /// <returns>Null when the host is not there.</returns>
    public LoopSocket? Take(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> left)
    {
        left = bytes[_fed..];
        if (_introduced < _introduction.Length)
        {
            left = (byte[])[.. _introduction.Span[_introduced..], .. left];
        }

        var site = _site;
        _site = null;
        IsTaken = site is not null;
        return site;
    }

    public void Close()
    {
        _closed = true;
        _waiter.Cancel();
        _site?.Close();
        _site = null;
    }

    void ISocketOwner.OnReady(LoopSocket socket) => _session.Waiter?.Nudge();

    void ISocketOwner.OnFault(LoopSocket socket) => socket.Close();
}
