using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Settings;

namespace Telemt.Core.Routing;

/// <summary>
/// A way to Telegram and what is known of it. Stays the same object through edits of its name, weight or group; one that an edit took
/// away lives on until its last session has ended. Safe for any thread.
/// </summary>
internal sealed class UpstreamState(UpstreamSettings settings)
{
    private readonly ConcurrentDictionary<EndPoint, PathState> _paths = new();
    private volatile UpstreamSettings _settings = settings;
    private long _chosen;
    private long _failed;
    private int _live;
    private uint _turn;

    /// <summary>As the settings in force have it.</summary>
    public UpstreamSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>Gone from the settings, or disabled: no session begins by it.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Of the way itself: its SOCKS server, its local address. What lies behind has a health of its own, by path.</summary>
    public Health Health { get; } = new();

    /// <summary>Sessions that it connected.</summary>
    public long Chosen => Interlocked.Read(ref _chosen);

    /// <summary>Attempts through it that came to nothing.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Sessions that run through it now.</summary>
    public int Live => Volatile.Read(ref _live);

    public IEnumerable<PathState> Paths => _paths.Values;

    /// <summary>The path to an address of a DC; made when first asked for.</summary>
    public PathState PathTo(EndPoint target) =>
        _paths.TryGetValue(target, out var path) ? path : _paths.GetOrAdd(target, static (at, self) => new PathState(self, at), this);

    public PathState? FindPath(EndPoint target) => _paths.GetValueOrDefault(target);

    /// <summary>Forgets the paths to what is in no table any more.</summary>
    public void KeepPaths(IReadOnlySet<EndPoint> targets)
    {
        foreach (var target in _paths.Keys.Where(target => !targets.Contains(target)))
        {
            _paths.TryRemove(target, out _);
        }
    }

    /// <summary>Where the next socket of this family is bound: those that fit take turns. Free when it is not to be bound.</summary>
    public LocalBinding NextBinding(AddressFamily family)
    {
        var bindings = Settings.Bindings;
        if (bindings.IsEmpty)
        {
            return default;
        }

        var turn = Interlocked.Increment(ref _turn);
        for (var i = 0; i < bindings.Length; i++)
        {
            var binding = bindings[(int)((turn + (uint)i) % (uint)bindings.Length)];
            if (binding.Fits(family))
            {
                return binding;
            }
        }

        return bindings[0];
    }

    public void BeginSession()
    {
        Interlocked.Increment(ref _chosen);
        Interlocked.Increment(ref _live);
    }

    public void EndSession() => Interlocked.Decrement(ref _live);

    public void CountFailure() => Interlocked.Increment(ref _failed);

    public override string ToString() => Settings.Name;
}
