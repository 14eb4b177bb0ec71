using Telemt.Core.Settings;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Listening;

/// <summary>The sockets of one listener: one on each loop, by SO_REUSEPORT; of a unix socket one that the loops share.</summary>
internal sealed class OpenListener
{
    private readonly LoopListener[] _listeners;
    private readonly int _sharedFd;
    private readonly string? _path;

    private OpenListener(LoopListener[] listeners, int sharedFd, string? path, IReadOnlyList<int> descriptors)
    {
        _listeners = listeners;
        _sharedFd = sharedFd;
        _path = path;
        Descriptors = descriptors;
    }

    /// <summary>Listening, as opened; for the store that keeps copies of them.</summary>
    public IReadOnlyList<int> Descriptors { get; }

    /// <summary>Null with the errno when it cannot be opened; nothing is left behind then.</summary>
    /// <param name="kept">Sockets of this listener that outlived the process before: they are used, whatever number of loops it had.</param>
    /// <param name="isOurs">Another listener of ours holds the port already, so that nobody else can.</param>
    public static OpenListener? Open(
        ListenerSettings listener,
        ProxySettings settings,
        IReadOnlyList<LoopSessions> loops,
        IReadOnlyList<int> kept,
        bool isOurs,
        out int error)
    {
        error = isOurs || kept.Count > 0 ? 0 : ListenSocket.Probe(listener);
        if (error != 0)
        {
            return null;
        }

        var shared = listener.UnixPath is not null;
        var descriptors = new List<int>(kept);
        while (descriptors.Count < (shared ? 1 : loops.Count))
        {
            var fd = ListenSocket.Open(listener, settings, out error);
            if (fd < 0)
            {
                descriptors.ForEach(open => _ = Libc.Close(open));
                return null;
            }

            descriptors.Add(fd);
        }

        // Of a process with more loops there are more sockets, and clients wait in the queue of each.
        var listeners = new LoopListener[shared ? loops.Count : descriptors.Count];
        for (var i = 0; i < listeners.Length; i++)
        {
            var sessions = loops[i % loops.Count];
            listeners[i] = new LoopListener(sessions.Loop, descriptors[shared ? 0 : i], listener, shared, sessions);
            sessions.Loop.Post(static state => ((LoopListener)state!).Start(), listeners[i]);
        }

        var opened = new OpenListener(listeners, shared ? descriptors[0] : -1, listener.UnixPath, descriptors);
        if (kept.Count > 0)
        {
            opened.Apply(listener, settings);
        }

        return opened;
    }

    public void Apply(ListenerSettings listener, ProxySettings settings)
    {
        foreach (var onLoop in _listeners)
        {
            onLoop.Loop.Post(_ => onLoop.Apply(listener, settings), null);
        }
    }

    /// <summary>Completes when no loop accepts on it any more.</summary>
    /// <param name="isKept">A copy goes on listening: who waits in the queue is left to the next process.</param>
    public async Task CloseAsync(bool isKept)
    {
        var stopped = _listeners.Select(listener =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            listener.Loop.Post(_ =>
            {
                listener.Stop(isKept);
                done.SetResult();
            }, null);
            return done.Task;
        }).ToArray();
        await Task.WhenAll(stopped);
        if (_sharedFd >= 0)
        {
            _ = Libc.Close(_sharedFd);
        }

        if (_path is not null && !isKept)
        {
            File.Delete(_path);
        }
    }
}
