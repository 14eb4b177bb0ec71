using Microsoft.Extensions.Logging;
using Telemt.Core.Settings;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Listening;

/// <summary>
/// The listeners that are open. An edit opens what is new before it closes what is gone, and leaves the sockets of the rest untouched;
/// when something new cannot be opened, nothing is closed: an edit with a mistake in it must not leave the proxy without a door.
/// Not safe for several threads: its owner takes turns.
/// </summary>
internal sealed class ListenerSet(SessionRegistry registry, IListenerStore store, ILogger<ListenerSet> log)
{
    private readonly Dictionary<ListenerIdentity, OpenListener> _open = [];

    public int Count => _open.Count;

    /// <returns>What could not be opened, in words; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(ProxySettings settings)
    {
        var problems = new List<string>();
        var wanted = new HashSet<ListenerIdentity>();
        foreach (var listener in settings.Listeners)
        {
            var key = listener.Identity;
            wanted.Add(key);
            if (_open.TryGetValue(key, out var present))
            {
                present.Apply(listener, settings);
            }
            else if (Open(listener, settings, out var error))
            {
                log.Listening(key.ToString());
            }
            else if (listener.IsDefault && error is Libc.EAFNOSUPPORT or Libc.EADDRNOTAVAIL)
            {
                log.NoIpv6(key.ToString(), ListenFailure.Describe(listener, error));
            }
            else
            {
                problems.Add(ListenFailure.Describe(listener, error));
            }
        }

        foreach (var (key, listener) in problems.Count == 0 ? _open.Where(pair => !wanted.Contains(pair.Key)).ToList() : [])
        {
            store.Remove(NameOf(key));
            await CloseAsync(key, listener, isKept: false);
        }

        // Kept for a listener that the file no longer has.
        foreach (var name in store.CloseRest())
        {
            store.Remove(name);
        }

        return problems;
    }

    /// <summary>The end of the process: where a store keeps them the sockets themselves go on.</summary>
    public async Task CloseAllAsync()
    {
        foreach (var (key, listener) in _open.ToList())
        {
            await CloseAsync(key, listener, store.IsEnabled);
        }
    }

    private bool Open(ListenerSettings listener, ProxySettings settings, out int error)
    {
        var key = listener.Identity;
        var kept = store.Take(NameOf(key));
        if (OpenListener.Open(listener, settings, registry.PerLoop, kept, _open.Keys.Any(key.Overlaps), out error) is not { } opened)
        {
            return false;
        }

        _open.Add(key, opened);
        store.Put(NameOf(key), [.. opened.Descriptors.Except(kept)]);
        return true;
    }

    private async Task CloseAsync(ListenerIdentity key, OpenListener listener, bool isKept)
    {
        _open.Remove(key);
        await listener.CloseAsync(isKept);
        log.Closed(key.ToString());
    }

    private static string NameOf(ListenerIdentity key) => key.Interface is { } device ? $"{key}%{device}" : key.ToString();
}
