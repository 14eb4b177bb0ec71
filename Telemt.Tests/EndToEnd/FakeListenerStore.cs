using Telemt.Worker.Listening;
using Telemt.Worker.Transport;

namespace Telemt.Tests.EndToEnd;

/// <summary>Keeps copies of listening sockets from one host of this process to the next, as a service manager does.</summary>
internal sealed class FakeListenerStore : IListenerStore, IDisposable
{
    private const int DuplicateCloseOnExec = 1030;

    private readonly Dictionary<string, List<int>> _kept = [];
    private readonly Dictionary<string, List<int>> _passed = [];

    public bool IsEnabled => true;

    public IReadOnlyCollection<string> Names => _kept.Keys;

    /// <summary>What the manager does before it starts a process: each gets copies of all.</summary>
    public void Pass()
    {
        foreach (var (name, kept) in _kept)
        {
            _passed[name] = [.. kept.Select(Copy)];
        }
    }

    public IReadOnlyList<int> Take(string name) => _passed.Remove(name, out var passed) ? passed : [];

    public IReadOnlyList<string> CloseRest()
    {
        var names = _passed.Keys.ToList();
        Close(_passed);
        return names;
    }

    public void Put(string name, IReadOnlyList<int> descriptors)
    {
        if (!_kept.TryGetValue(name, out var kept))
        {
            _kept.Add(name, kept = []);
        }

        kept.AddRange(descriptors.Select(Copy));
    }

    public void Remove(string name)
    {
        if (_kept.Remove(name, out var kept))
        {
            kept.ForEach(fd => _ = Libc.Close(fd));
        }
    }

    public void Dispose()
    {
        Close(_kept);
        Close(_passed);
    }

    private static int Copy(int fd) => Libc.Control(fd, DuplicateCloseOnExec, 0);

    private static void Close(Dictionary<string, List<int>> sockets)
    {
        foreach (var fd in sockets.Values.SelectMany(fds => fds))
        {
            _ = Libc.Close(fd);
        }

        sockets.Clear();
    }
}
