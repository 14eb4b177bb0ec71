using Telemt.Core.Policy;
using Telemt.Core.Users;

namespace Telemt.Worker.Sessions;

/// <summary>
/// What all loops hold together, so that a limit of the process is exact whatever loop a connection arrives at, and how one loop asks
/// the others to make room. Safe for any thread; nothing but the shares is touched while bytes move.
/// </summary>
internal sealed class Crowd(SourceTable sources, UserAccounts accounts, LikelyUsers likely, FairShare shares)
{
    private readonly int[] _counts = new int[(int)SessionStage.Ended];
    private int _total;

    public SourceTable Sources { get; } = sources;

    public UserAccounts Accounts { get; } = accounts;

    public LikelyUsers Likely { get; } = likely;

    /// <summary>Who may move how much; drawn on while bytes move, without a lock.</summary>
    public FairShare Shares { get; } = shares;

    /// <summary>In the order of the loops; set once, before the first connection.</summary>
    public IReadOnlyList<LoopSessions> Loops { get; set; } = [];

    public int Total => Volatile.Read(ref _total);

    public int CountOf(SessionStage stage) => Volatile.Read(ref _counts[(int)stage]);

    /// <summary>Takes a place for one more connection; false when all are taken, and it is not counted then.</summary>
    public bool TryAdd(int most)
    {
        if (Interlocked.Increment(ref _total) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _total);
        return false;
    }

    /// <summary>One more than there is room for: somebody else is about to go.</summary>
    public void Add() => Interlocked.Increment(ref _total);

    public void Remove() => Interlocked.Decrement(ref _total);

    public void Enter(SessionStage stage) => Interlocked.Increment(ref _counts[(int)stage]);

    public void Leave(SessionStage stage) => Interlocked.Decrement(ref _counts[(int)stage]);

    /// <summary>
    /// Asks the other loops, one after the other, until one of them had somebody to spare. By then somebody may have gone by himself:
    /// <paramref name="makeRoom"/> looks first whether it is still needed, or a client in his handshake would go for nobody.
    /// </summary>
    public void AskOthers(LoopSessions asker, Func<LoopSessions, bool> makeRoom) => Ask(asker.Loop.Index + 1, Loops.Count - 1, makeRoom);

    /// <summary>Has every loop do something.</summary>
    public void TellAll(Action<LoopSessions> action)
    {
        foreach (var sessions in Loops)
        {
            sessions.Loop.Post(static state =>
            {
                var (target, work) = ((LoopSessions, Action<LoopSessions>))state!;
                work(target);
            }, (sessions, action));
        }
    }

    private void Ask(int index, int left, Func<LoopSessions, bool> makeRoom)
    {
        if (left > 0)
        {
            var asked = Loops[index % Loops.Count];
            asked.Loop.Post(_ =>
            {
                if (!makeRoom(asked))
                {
                    Ask(index + 1, left - 1, makeRoom);
                }
            }, null);
        }
    }
}
