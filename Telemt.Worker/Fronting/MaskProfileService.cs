using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Settings;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Fronting;

/// <summary>
/// Looks at the mask hosts and keeps the profiles: at the start and after an edit that concerns them, then every [fronting] refresh with
/// jitter, and soon when a client's offer is new. What was seen last time is in force before the first connection; a host that cannot be
/// reached keeps the last good profile.
/// </summary>
internal sealed class MaskProfileService(
    IOptionsMonitor<ProxySettings> settings,
    FlightProfiles profiles,
    MaskResolver resolver,
    IRandomSource random,
    TimeProvider clock,
    ProbePace pace,
    ILogger<MaskProfileService> log) : BackgroundService
{
    private const int ResolveMilliseconds = 5_000;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(30);

    private readonly MaskProbe _probe = new(clock);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1);
    private readonly List<FollowedHost> _hosts = [];
    private readonly Jitter _jitter = new(random);
    private ProxySettings _followed = settings.CurrentValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var kept = MaskProfileFile.Read(settings.CurrentValue.State, out var error);
        if (error is not null)
        {
            log.ProfilesNotRead(error);
        }

        Follow(settings.CurrentValue, kept);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = settings.OnChange((_, _) => _wake.Writer.TryWrite(true));
        try
        {
            while (true)
            {
                if (!ReferenceEquals(settings.CurrentValue, _followed))
                {
                    Follow(settings.CurrentValue, kept: null);
                }

                TakeUnknownOffers();
                if (_hosts.MinBy(host => host.Due) is { } first && first.Due <= clock.GetUtcNow())
                {
                    await TurnAsync(first, stoppingToken);
                    continue;
                }

                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last look is kept already.
        }
    }

    /// <summary>Hosts that an edit leaves alone keep what was seen of them, and their time.</summary>
    private void Follow(ProxySettings now, KeptProfiles? kept)
    {
        var targets = MaskTarget.Of(now).ToList();
        var refreshed = now.Fronting.Refresh != _followed.Fronting.Refresh;
        _followed = now;
        _hosts.RemoveAll(host => !targets.Contains(host.Host.Target));
        foreach (var target in targets.Where(target => !_hosts.Exists(host => host.Host.Target == target)))
        {
            var host = new MaskHost(target, _probe, random);
            if (kept is not null)
            {
                MaskProfileFile.Restore(kept, host);
            }

            _hosts.Add(new FollowedHost(host));
        }

        foreach (var host in _hosts.Where(host => refreshed && host.Turn == 0 && host.Due != default))
        {
            host.Due = clock.GetUtcNow() + _jitter.About(now.Fronting.Refresh);
        }

        Publish();
    }

    /// <summary>One turn: each offer once. Hosts take turns, so that none waits for another's look to end.</summary>
    private async Task TurnAsync(FollowedHost followed, CancellationToken cancellation)
    {
        var host = followed.Host;
        followed.IsNew = followed.Turn == 0 ? host.Seen.Count == 0 : followed.IsNew;
        var addresses = await resolver.ResolveAsync(_followed, host.Target.Host, host.Target.Port, ResolveMilliseconds);
        if (!await host.AskAllAsync(addresses, cancellation))
        {
            Miss(followed, addresses);
            return;
        }

        Publish();
        followed.Failures = 0;
        followed.Turn++;
        followed.Due = clock.GetUtcNow() + (followed.IsNew && followed.Turn < pace.QuickTurns ? TimeSpan.Zero : _jitter.About(pace.Gap));
        if (followed.Turn == pace.QuickTurns)
        {
            Tell(host);
            Keep();
        }

        if (followed.Turn >= pace.Turns)
        {
            host.Seen.EndRound();
            Publish();
            Keep();
            followed.Turn = 0;
            followed.Due = clock.GetUtcNow() + _jitter.About(_followed.Fronting.Refresh);
        }
    }

    private void Miss(FollowedHost followed, ImmutableArray<System.Net.EndPoint> addresses)
    {
        followed.Failures++;
        followed.Turn = 0;
        var pause = Retry * Math.Pow(2, Math.Min(followed.Failures - 1, 10));
        var refresh = _followed.Fronting.Refresh;
        followed.Due = clock.GetUtcNow() + _jitter.About(pause < refresh ? pause : refresh);

        // An address that is ourselves, or none at all, was told by the resolver.
        if (followed.Failures == 1 && !addresses.IsEmpty)
        {
            var target = followed.Host.Target;
            var instead = followed.Host.Seen.Count > 0 ? "what was seen last" : "the flight of a host like most";
            log.ProfileUnreachable(target.Host, followed.Host.Trouble?.Error, target.Domain, instead);
        }
    }

    private void TakeUnknownOffers()
    {
        while (profiles.Unknown.TryRead(out var unknown))
        {
            if (_hosts.Find(host => host.Host.Target.Domain == unknown.Domain) is { } followed && followed.Host.TryLearn(unknown.Record))
            {
                log.OfferLearned(unknown.Domain, followed.Host.Target.Host);
                followed.Due = clock.GetUtcNow();
            }
        }
    }

    private void Publish()
    {
        var byDomain = new Dictionary<string, FlightProfile>(StringComparer.Ordinal);
        foreach (var followed in _hosts)
        {
            if (followed.Host.Seen.ToProfile() is { } profile)
            {
                byDomain[followed.Host.Target.Domain] = profile;
            }
        }

        profiles.Publish(_followed.TlsDomains.FirstOrDefault() ?? "", byDomain);
    }

    /// <summary>Says what is seen, when it is something new.</summary>
    private void Tell(MaskHost host)
    {
        var target = host.Target;
        if (host.Seen.ToProfile() is not { } profile)
        {
            log.ProfileImpossible(target.Host, target.Domain, host.Trouble?.Flight?.Kind ?? HostFlightKind.NotTls);
            return;
        }

        if (!host.TryTell(profile))
        {
            return;
        }

        var sizes = profile.Typically.Sizes;
        log.ProfileLearned(
            target.Domain,
            target.Host,
            sizes.Shortest,
            sizes.Longest,
            profile.ChoosesMlKem ? "X25519MLKEM768 for who offers it" : "x25519",
            profile.Suites.IsEmpty ? "the client's order of suites" : "its own order of suites",
            FormattableString.Invariant($"{profile.MedianDelay / 1000.0:0.0} ms"));
        if (host.Records > 1)
        {
            log.ProfileOfSeveralRecords(target.Host, host.Records);
        }

        if (sizes.Longest > FlightSizes.Most)
        {
            log.ProfileTooLong(target.Host, sizes.Longest, FlightSizes.Most);
        }
    }

    private void Keep()
    {
        if (_followed.State is { } folder && MaskProfileFile.Write(folder, _hosts.Select(host => host.Host)) is { } error)
        {
            log.ProfilesNotKept(folder, error);
        }
    }

    /// <summary>Until the first host is due, an edit comes or a client offers something new.</summary>
    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waits = new List<Task>
        {
            _wake.Reader.WaitToReadAsync(early.Token).AsTask(),
            profiles.Unknown.WaitToReadAsync(early.Token).AsTask(),
        };
        if (_hosts.Count > 0)
        {
            var pause = _hosts.Min(host => host.Due) - clock.GetUtcNow();
            waits.Add(Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, clock, early.Token));
        }

        await Task.WhenAny(waits);
        await early.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }

    private sealed class FollowedHost(MaskHost host)
    {
        public MaskHost Host { get; } = host;

        /// <summary>When it is looked at next; at once from the start.</summary>
        public DateTimeOffset Due { get; set; }

        /// <summary>Turns done of the present look; 0 between looks.</summary>
        public int Turn { get; set; }

        /// <summary>Nothing was known of it when the present look began.</summary>
        public bool IsNew { get; set; }

        public int Failures { get; set; }
    }
}
