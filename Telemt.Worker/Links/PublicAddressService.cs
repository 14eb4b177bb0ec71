using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Links;

/// <summary>
/// Keeps the public addresses: what can be said without asking anybody is known before the start is over; the rest is looked up in the
/// background, again after a change of the settings and from time to time. Any thread may read.
/// </summary>
internal sealed partial class PublicAddressService(
    IOptionsMonitor<ProxySettings> settings,
    PublicAddressFinder finder,
    TimeProvider clock,
    ILogger<PublicAddressService> logger) : BackgroundService
{
    private static readonly TimeSpan Refresh = TimeSpan.FromHours(6);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1);
    private Question? _asked;
    private PublicAddresses _current = PublicAddresses.Unknown;

    /// <summary>Raised on a thread of the pool after a search has found something new; a handler that throws ends the search.</summary>
    public event Action? Changed;

    /// <summary>The addresses that links name under these settings: what the operator says counts at once, else what was found.</summary>
    public PublicAddresses For(ProxySettings now) =>
        now.PublicAddress.Address is null ? Volatile.Read(ref _current) : finder.FindHere(now.PublicAddress);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var now = settings.CurrentValue;
        var here = finder.FindHere(now.PublicAddress);
        _current = Remembered(now, here);
        if (IsWanted(now, here) && !_current.IsKnown)
        {
            LogAsking(LinkList.Placeholder);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = settings.OnChange((changed, _) => WakeFor(changed));
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            failures = await LookAsync(stoppingToken) ? 0 : failures + 1;
            await WaitAsync(Pause(failures), stoppingToken);
        }
    }

    /// <summary>The time to the next look: short at first after a failure, then longer, never longer than after a success.</summary>
    internal static TimeSpan Pause(int failures)
    {
        var retry = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 20));
        return failures == 0 || retry > Refresh ? Refresh : retry;
    }

    /// <summary>True when somebody outside is to be asked: nobody is, unless a link or the route of ad tags needs the answer.</summary>
    internal static bool IsWanted(ProxySettings settings, PublicAddresses here) =>
        PublicAddressFinder.NeedsLookup(settings.PublicAddress, here)
        && (settings.MiddleProxy.Enabled || (!settings.ShowLinks.IsEmpty && LinkList.DependsOnPublicAddress(settings)));

    /// <summary>The kept addresses fill the gaps until the search has ended.</summary>
    private static PublicAddresses Remembered(ProxySettings settings, PublicAddresses here)
    {
        if (here.V4 is not null)
        {
            return here;
        }

        var kept = PublicAddressFile.Read(settings.State);
        return new PublicAddresses(kept.V4, here.V6 ?? kept.V6);
    }

    /// <returns>False when an answer was wanted and none came.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var now = settings.CurrentValue;
        var here = finder.FindHere(now.PublicAddress);
        Volatile.Write(ref _asked, Question.Of(now));
        if (now.PublicAddress.Address is not null)
        {
            return true;
        }

        if (!IsWanted(now, here))
        {
            Publish(Remembered(now, here), now.State);
            return true;
        }

        var found = await finder.LookUpAsync(now.PublicAddress, here, cancellationToken);
        if (found != here)
        {
            Publish(found, now.State);
            return true;
        }

        if (_current.IsKnown)
        {
            LogKept();
        }
        else
        {
            LogUnknown(LinkList.Placeholder);
        }

        return false;
    }

    private void Publish(PublicAddresses found, string? state)
    {
        if (found == _current)
        {
            return;
        }

        Volatile.Write(ref _current, found);
        LogFound(found);
        if (state is not null && found.IsKnown && !PublicAddressFile.TryWrite(state, found))
        {
            LogNotKept(state);
        }

        Changed?.Invoke();
    }

    /// <summary>Ends early when the settings change.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_wake.Reader.WaitToReadAsync(early.Token).AsTask(), Task.Delay(pause, clock, early.Token));
        await early.CancelAsync();
        _wake.Reader.TryRead(out _);
    }

    /// <summary>Most edits do not concern the address; nobody is asked again for them.</summary>
    private void WakeFor(ProxySettings changed)
    {
        if (Question.Of(changed) != Volatile.Read(ref _asked))
        {
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>What a search depends on.</summary>
    private sealed record Question(PublicAddressSettings PublicAddress, bool Wanted, string? State)
    {
        public static Question Of(ProxySettings settings) =>
            new(settings.PublicAddress, IsWanted(settings, PublicAddresses.Unknown), settings.State);
    }

    [LoggerMessage(
        7010,
        LogLevel.Warning,
        "The public address is not known: links name {Placeholder} until it is. Set public_ip, or announce_ip of a listener")]
    private partial void LogUnknown(string placeholder);

    [LoggerMessage(7014, LogLevel.Information, "Asking which public address this host has: links name {Placeholder} until the answer comes")]
    private partial void LogAsking(string placeholder);

    [LoggerMessage(7011, LogLevel.Information, "The public address is {Addresses}")]
    private partial void LogFound(PublicAddresses addresses);

    [LoggerMessage(7012, LogLevel.Warning, "Nobody says which public address this host has; links keep the last known one")]
    private partial void LogKept();

    [LoggerMessage(7013, LogLevel.Warning, "The public address could not be kept in {Folder}: is it a folder that telemt may write to?")]
    private partial void LogNotKept(string folder);
}
