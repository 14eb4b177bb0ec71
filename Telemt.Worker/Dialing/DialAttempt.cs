using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Upstream;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <summary>
/// One candidate of a race: its name looked up, its socket bound and connected, its SOCKS server talked to. Runs on events alone, so
/// that several can be under way while one coroutine waits for the first. Loop thread only.
/// </summary>
internal sealed class DialAttempt(DialRace race, RouteCandidate candidate) : ISocketOwner
{
    private readonly long _began = race.Clock.GetTimestamp();
    private SocksDialogue? _dialogue;
    private ReadOnlyMemory<byte> _unsent;
    private bool _hasAsked;

    public RouteCandidate Candidate { get; private set; } = candidate;

    /// <summary>Loop time.</summary>
    public long StartedAt { get; } = race.Loop.Now;

    public LoopSocket? Socket { get; private set; }

    public EndPoint? Bound => _dialogue?.Bound;

    /// <summary>In words, once it has failed.</summary>
    public string? Error { get; private set; }

    public DialFault Fault { get; private set; }

    public TimeSpan Elapsed => race.Clock.GetElapsedTime(_began);

    private UpstreamSettings Upstream => Candidate.Upstream.Settings;

    private bool IsDirect => Upstream.Kind == UpstreamKind.Direct;

    public void Start()
    {
        switch (Candidate.Hop ?? (IsDirect ? Candidate.Target : Upstream.Server))
        {
            case DnsEndPoint name:
                _ = ResolveAsync(name);
                break;
            case { } hop:
                Connect(hop);
                break;
            default:
                Fail(DialFault.Upstream, "no address of its server is known");
                break;
        }
    }

    /// <summary>Somebody else has won, or time is up.</summary>
    public void Abandon() => Socket?.Close();

    /// <summary>Whose silence it was when nothing came of it in time.</summary>
    public void BlameSilence() => SetFailure(
        IsDirect || _hasAsked ? DialFault.Target : DialFault.Upstream,
        IsDirect ? "timed out" : _hasAsked ? "timed out behind the SOCKS server" : "the SOCKS server timed out");

    void ISocketOwner.OnReady(LoopSocket socket)
    {
        if (_dialogue is not null)
        {
            Talk(socket, _dialogue);
        }
        else if (socket.IsWritable || socket.PeerEnded)
        {
            OnConnected(socket);
        }
    }

    void ISocketOwner.OnFault(LoopSocket socket) => Fail(DialFault.Own, "a bug of ours");

    private void Connect(EndPoint hop)
    {
        var error = 0;
        var isLocal = false;
        for (var left = Math.Max(1, Upstream.Bindings.Length); left > 0 && Socket is null; left--)
        {
            var binding = Candidate.Upstream.NextBinding(hop.AddressFamily);
            Socket = LoopSocket.BeginConnect(race.Loop, hop, binding, out error, out isLocal);
            if (error is Libc.EMFILE or Libc.ENFILE)
            {
                Socket = race.MakeRoom() ? LoopSocket.BeginConnect(race.Loop, hop, binding, out error, out isLocal) : null;
                break;
            }

            if (!isLocal)
            {
                break;
            }
        }

        if (Socket is not null)
        {
            Socket.Owner = this;
            return;
        }

        var fault = error is Libc.EMFILE or Libc.ENFILE or Libc.ENOMEM or Libc.ENOBUFS ? DialFault.Own
            : isLocal || !IsDirect ? DialFault.Upstream
            : DialFault.Target;
        Fail(fault, Errno.Describe(error));
    }

    private void OnConnected(LoopSocket socket)
    {
        var error = socket.PeerEnded ? socket.TakeConnectError() : 0;
        if (error != 0)
        {
            Fail(IsDirect ? DialFault.Target : DialFault.Upstream, Describe(error));
        }
        else if (IsDirect)
        {
            Win();
        }
        else
        {
            _dialogue = new SocksDialogue(Upstream, Candidate.Target);
            Say(_dialogue);
            Talk(socket, _dialogue);
        }
    }

    private void Talk(LoopSocket socket, SocksDialogue dialogue)
    {
        Span<byte> room = stackalloc byte[SocksDialogue.MaxReply];
        while (true)
        {
            if (!_unsent.IsEmpty)
            {
                var sent = socket.TrySend(_unsent.Span);
                if (sent == LoopSocket.Broken)
                {
                    FailServer(socket);
                    return;
                }

                _unsent = _unsent[Math.Max(sent, 0)..];
            }

            if (!_unsent.IsEmpty || !socket.IsReadable)
            {
                return;
            }

            // No byte more than the reply: what follows is the target's.
            var received = socket.TryReceive(room[..dialogue.Wanted]);
            if (received is 0 or LoopSocket.Broken)
            {
                FailServer(socket);
                return;
            }

            if (received == LoopSocket.WouldBlock)
            {
                continue;
            }

            switch (dialogue.Receive(room[..received]))
            {
                case SocksStatus.Connected:
                    Win();
                    return;
                case SocksStatus.Failed:
                    Fail(dialogue.IsServerFault ? DialFault.Upstream : DialFault.Target, dialogue.Explain());
                    return;
                default:
                    Say(dialogue);
                    break;
            }
        }
    }

    private void Say(SocksDialogue dialogue)
    {
        _unsent = dialogue.Output.IsEmpty ? _unsent : dialogue.Output;
        _hasAsked = dialogue.HasAsked;
    }

    /// <summary>A server that leaves without a word after the request has most likely failed to reach the target.</summary>
    private void FailServer(LoopSocket socket) => Fail(
        _hasAsked ? DialFault.Target : DialFault.Upstream,
        socket.Error == 0 ? "the SOCKS server closed the connection" : $"the SOCKS server: {Errno.Describe(socket.Error)}");

    private async Task ResolveAsync(DnsEndPoint name)
    {
        // Comes back to the loop: its threads have a synchronisation context.
        var addresses = await race.ResolveAsync(name.Host);
        if (race.IsOver)
        {
            return;
        }

        var fitting = addresses.Select(address => (EndPoint)new IPEndPoint(address, name.Port)).Where(Fits).ToImmutableArray();
        if (fitting.IsEmpty)
        {
            Fail(IsDirect ? DialFault.Target : DialFault.Upstream, addresses.IsEmpty ? "the name has no address" : "the name has no address that fits");
            return;
        }

        race.AddNext(fitting.Skip(1).Select(address => Candidate with { Hop = address }));
        Candidate = Candidate with { Hop = fitting[0] };
        Connect(fitting[0]);
    }

    /// <summary>By the family that it is bound to; how a server is reached says nothing about what it reaches.</summary>
    private bool Fits(EndPoint hop) =>
        IsDirect ? Upstream.Reaches(hop) : Upstream.Bindings.IsEmpty || Upstream.Bindings.Any(binding => binding.Fits(hop.AddressFamily));

    private string Describe(int error) => IsDirect ? Errno.Describe(error) : $"the SOCKS server: {Errno.Describe(error)}";

    private void Win()
    {
        Socket!.Owner = null;
        race.OnConnected(this);
    }

    private void Fail(DialFault fault, string error)
    {
        SetFailure(fault, error);
        Socket?.Close();
        race.OnFailed(this);
    }

    private void SetFailure(DialFault fault, string error) => (Fault, Error) = (fault, error);
}
