using Telemt.Core.Settings;
using Telemt.Worker.Configuration;
using Telemt.Worker.Links;

namespace Telemt.Worker.Control.Status;

/// <summary>How well the proxy is.</summary>
internal enum Health
{
    Good,
    Warning,
    Bad,
}

/// <summary>One reason why it is not well.</summary>
/// <param name="Cure">What to do; null when it may pass by itself.</param>
internal sealed record HealthReason(Health Severity, string Text, string? Cure);

/// <summary>Says why the proxy is not well, in words that an operator can act on. An empty list is good health.</summary>
internal sealed class HealthJudge(LastGoodMonitor settings, PublicAddressService addresses, TimeProvider clock) : IReloadObserver
{
    private const int MinuteOfPoints = 6;
    private const double FewFailures = 0.5;
    private static readonly TimeSpan SlowLoop = TimeSpan.FromMilliseconds(500);

    private volatile bool _isRefused;

    void IReloadObserver.Reloading()
    {
        // Only the end counts.
    }

    void IReloadObserver.Reloaded(ReloadOutcome outcome) => _isRefused = outcome == ReloadOutcome.Refused;

    public List<HealthReason> Judge(StatusSample? sample, HistoryRing history)
    {
        var reasons = new List<HealthReason>();
        var now = settings.CurrentValue;
        if (sample?.StuckLoops > 0)
        {
            reasons.Add(new(Health.Bad, $"{sample.StuckLoops} event loop(s) do not turn: their sessions stand still", "look at the log; restart telemt"));
        }
        else if (sample?.Total.Lag > SlowLoop)
        {
            reasons.Add(new(Health.Warning, $"an event loop was {sample.Total.Lag.TotalMilliseconds:0} ms late", "the host has more to do than it can: look at its load"));
        }

        if (_isRefused)
        {
            reasons.Add(new(
                Health.Warning,
                $"{settings.InForce.Path} has errors: the settings from before stay in force",
                $"the events name each error; `telemt check {settings.InForce.Path}` too"));
        }

        AddReach(reasons, history.Read(MinuteOfPoints));
        AddUsers(reasons, now);
        if (LinkList.DependsOnPublicAddress(now) && !addresses.For(now).IsKnown)
        {
            reasons.Add(new(Health.Warning, "the public address is not known: links do not lead here", "set public_ip, or announce of a listener"));
        }

        return reasons;
    }

    public static Health Worst(IReadOnlyCollection<HealthReason> reasons) =>
        reasons.Count == 0 ? Health.Good : reasons.Max(reason => reason.Severity);

    /// <summary>Over the last minute.</summary>
    private static void AddReach(List<HealthReason> reasons, HistoryPoint[] minute)
    {
        var (admitted, failed) = (minute.Sum(point => point.Admitted), minute.Sum(point => point.Unreachable));
        if (failed > 0)
        {
            var isMost = failed > admitted * FewFailures;
            reasons.Add(new(
                isMost ? Health.Bad : Health.Warning,
                isMost ? "most clients of the last minute could not be brought to Telegram" : "some clients of the last minute could not be brought to Telegram",
                "the events name the data centre; see the network and the upstreams"));
        }
    }

    private void AddUsers(List<HealthReason> reasons, ProxySettings now)
    {
        var users = now.Users.Users;
        var time = clock.GetUtcNow();
        if (users.All(user => !user.Enabled || user.Expires <= time))
        {
            reasons.Add(new(Health.Bad, "nobody may come in: every user is disabled or has expired", "enable a user, or add one"));
        }
    }
}
