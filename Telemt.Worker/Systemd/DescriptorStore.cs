using System.Net.Sockets;
using System.Text;
using Telemt.Worker.Listening;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Systemd;

/// <summary>
/// The descriptor store of the service manager (FileDescriptorStoreMax of the unit; sd_pid_notify_with_fds, sd_listen_fds). It keeps a
/// copy of each listening socket over a restart and after a crash, and hands them to the next process from descriptor 3 on. Used when
/// FDSTORE says that there is one: managers since 254 set it, the unit does for those before.
/// </summary>
internal sealed class DescriptorStore : IListenerStore
{
    private const int FirstPassed = 3;

    private readonly Dictionary<string, List<int>> _kept = new(StringComparer.Ordinal);
    private readonly UnixDomainSocketEndPoint? _manager;

    public DescriptorStore(Func<string, string?> environment, int processId)
    {
        var path = environment("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path) || !int.TryParse(environment("FDSTORE"), out var most) || most <= 0)
        {
            return;
        }

        _manager = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        if (environment("LISTEN_PID") == processId.ToString(System.Globalization.CultureInfo.InvariantCulture)
            && int.TryParse(environment("LISTEN_FDS"), out var count))
        {
            Collect((environment("LISTEN_FDNAMES") ?? "").Split(':'), count);
        }
    }

    public bool IsEnabled => _manager is not null;

    public IReadOnlyList<int> Take(string name) => _kept.Remove(NameOf(name), out var kept) ? kept : [];

    public IReadOnlyList<string> CloseRest()
    {
        var names = _kept.Keys.ToList();
        foreach (var fd in _kept.Values.SelectMany(kept => kept))
        {
            _ = Libc.Close(fd);
        }

        _kept.Clear();
        return names;
    }

    public void Put(string name, IReadOnlyList<int> descriptors)
    {
        foreach (var some in descriptors.Chunk(DescriptorMessage.MostDescriptors))
        {
            Tell($"FDSTORE=1\nFDNAME={NameOf(name)}", some);
        }
    }

    public void Remove(string name) => Tell($"FDSTOREREMOVE=1\nFDNAME={NameOf(name)}", []);

    /// <summary>Names are joined by colons in LISTEN_FDNAMES, and 255 bytes long at most.</summary>
    private static string NameOf(string name) => name.Replace(':', ',');

    private void Collect(string[] names, int count)
    {
        for (var i = 0; i < Math.Min(count, names.Length); i++)
        {
            var fd = FirstPassed + i;
            if (!ListenSocket.IsListening(fd))
            {
                continue;
            }

            // They come without it, and no child of ours is to have them.
            _ = Libc.Control(fd, Libc.SetDescriptorFlags, Libc.CloseOnExec);
            if (!_kept.TryGetValue(names[i], out var kept))
            {
                _kept.Add(names[i], kept = []);
            }

            kept.Add(fd);
        }
    }

    /// <summary>A manager that does not listen keeps nothing, and the restart is one like any other.</summary>
    private void Tell(string text, ReadOnlySpan<int> descriptors)
    {
        if (_manager is not null)
        {
            _ = DescriptorMessage.Send(_manager, Encoding.UTF8.GetBytes(text), descriptors);
        }
    }
}
