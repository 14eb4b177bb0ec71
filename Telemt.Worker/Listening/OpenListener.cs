using Telemt.Core.Settings;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Listening;

/// <summary>The sockets of one listener: one on each loop, by SO_REUSEPORT; of a unix socket one that the loops share.</summary>
internal sealed class OpenListener
{
    private readonly LoopListener[] _perLoop;
    private readonly int _sharedFd;
    private readonly string? _path;

    private OpenListener(LoopListener[] perLoop, int sharedFd, string? path)
    {
        _perLoop = perLoop;
        _sharedFd = sharedFd;
        _path = path;
    }

    /// <summary>Null with the errno when it cannot be opened; nothing is left behind then.</summary>
    /// <param name="isOurs">Another listener of ours holds the port already, so that nobody else can.</param>
    public static OpenListener? Open(
        ListenerSettings listener, ProxySettings settings, IReadOnlyList<LoopSessions> loops, bool isOurs, out int error)
    {
        error = isOurs ? 0 : ListenSocket.Probe(listener);
        if (error != 0)
        {
            return null;
        }

        var shared = listener.UnixPath is not null;
        var descriptors = new List<int>(loops.Count);
        for (var i = 0; i < (shared ? 1 : loops.Count); i++)
        {
            var fd = ListenSocket.Open(listener, settings, out error);
            if (fd < 0)
            {
                descriptors.ForEach(open => _ = Libc.Close(open));
                return null;
            }

            descriptors.Add(fd);
        }

        var perLoop = new LoopListener[loops.Count];
        for (var i = 0; i < loops.Count; i++)
        {
            perLoop[i] = new LoopListener(loops[i].Loop, descriptors[shared ? 0 : i], listener, shared, loops[i]);
            loops[i].Loop.Post(static state => ((LoopListener)state!).Start(), perLoop[i]);
        }

        return new OpenListener(perLoop, shared ? descriptors[0] : -1, listener.UnixPath);
    }

    public void ApplyOptions(ProxySettings settings)
    {
        foreach (var listener in _perLoop)
        {
            listener.Loop.Post(_ => listener.ApplyOptions(settings), null);
        }
    }

    /// <summary>Completes when no loop accepts on it any more.</summary>
    public async Task CloseAsync()
    {
        var stopped = _perLoop.Select(listener =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            listener.Loop.Post(_ =>
            {
                listener.Stop();
                done.SetResult();
            }, null);
            return done.Task;
        }).ToArray();
        await Task.WhenAll(stopped);
        if (_sharedFd >= 0)
        {
            _ = Libc.Close(_sharedFd);
        }

        if (_path is not null)
        {
            File.Delete(_path);
        }
    }
}
