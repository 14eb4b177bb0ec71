using Telemt.Core.Status;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Telemetry;

/// <summary>
/// Asks the loops what they count when an instrument is read, once for all instruments of a round. Called by the thread that collects
/// metrics, which may wait.
/// </summary>
internal sealed class LoopReader(SessionRegistry registry, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _readAt;
    private LoopSample?[] _loops = [];
    private IReadOnlyList<StrangerReport> _strangers = [];
    private IReadOnlyDictionary<string, UserFigure> _users = new Dictionary<string, UserFigure>();

    /// <summary>In the order of the loops; null of one that does not answer.</summary>
    public LoopSample?[] Loops
    {
        get
        {
            Refresh();
            return _loops;
        }
    }

    public IReadOnlyDictionary<string, UserFigure> Users
    {
        get
        {
            Refresh();
            return _users;
        }
    }

    public IReadOnlyList<StrangerReport> Strangers
    {
        get
        {
            Refresh();
            return _strangers;
        }
    }

    private void Refresh()
    {
        lock (_lock)
        {
            if (_readAt != 0 && clock.GetElapsedTime(_readAt) < Limit)
            {
                return;
            }

            _loops = registry.ReadLoopsAsync(Limit, CancellationToken.None).GetAwaiter().GetResult();
            _users = registry.ReadUsersAsync(Limit, CancellationToken.None).GetAwaiter().GetResult();
            _strangers = registry.ReadStrangersAsync(Limit, CancellationToken.None).GetAwaiter().GetResult();
            _readAt = clock.GetTimestamp();
        }
    }
}
