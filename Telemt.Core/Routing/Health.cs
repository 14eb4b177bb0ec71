using Telemt.Core.Settings;

namespace Telemt.Core.Routing;

/// <summary>
/// Whether something works, by its last results: down after so many failures in a row, up again after so many successes. Probes and
/// sessions count alike. Safe for any thread; reading takes no lock.
/// </summary>
internal sealed class Health
{
    private readonly Lock _lock = new();
    private volatile HealthState _state;
    private volatile int _failures;
    private int _successes;
    private int _probesWhileDown;

    /// <summary>What one result changed.</summary>
    public enum Change
    {
        None,
        WentDown,
        CameBack,
    }

    public HealthState State => _state;

    public bool IsDown => _state == HealthState.Down;

    /// <summary>Failures in a row; one that works now has none.</summary>
    public int Failures => _failures;

    /// <summary>When <see cref="State"/> became what it is; null while it is unknown.</summary>
    public DateTimeOffset? Since { get; private set; }

    public string? LastError { get; private set; }

    public DateTimeOffset? LastErrorAt { get; private set; }

    /// <summary>How often it was tried since it went down: the pause to the next half-open probe doubles with it.</summary>
    public int TriesWhileDown => Volatile.Read(ref _probesWhileDown);

    public Change Succeeded(HealthSettings rules, DateTimeOffset now)
    {
        if (_state == HealthState.Up && _failures == 0)
        {
            return Change.None;
        }

        lock (_lock)
        {
            _failures = 0;
            switch (_state)
            {
                case HealthState.Unknown:
                    Enter(HealthState.Up, now);
                    return Change.None;
                case HealthState.Down when ++_successes >= rules.Recover:
                    Enter(HealthState.Up, now);
                    return Change.CameBack;
                default:
                    // One success is a reason to look again soon.
                    _probesWhileDown = 0;
                    return Change.None;
            }
        }
    }

    public Change Failed(string error, HealthSettings rules, DateTimeOffset now)
    {
        lock (_lock)
        {
            _successes = 0;
            _failures++;
            (LastError, LastErrorAt) = (error, now);
            if (_state == HealthState.Down)
            {
                _probesWhileDown++;
                return Change.None;
            }

            if (_failures < rules.Threshold)
            {
                return Change.None;
            }

            Enter(HealthState.Down, now);
            return Change.WentDown;
        }
    }

    private void Enter(HealthState state, DateTimeOffset now)
    {
        _state = state;
        Since = now;
        _successes = 0;
        _probesWhileDown = 0;
    }
}
