using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core;
using Telemt.Core.Middle;
using Telemt.Core.Settings;

namespace Telemt.Worker.Middle;

/// <summary>Keeps the proxy secret and the lists of both families fresh while the route is on, and hands each change to the pool.</summary>
internal sealed class MiddleSourceService : BackgroundService
{
    private const int MostSecret = 4096;

    /// <summary>How soon a changed file is noticed.</summary>
    private static readonly TimeSpan FileLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1);
    private readonly IOptionsMonitor<ProxySettings> _settings;
    private readonly MiddlePool _pool;
    private readonly TimeProvider _clock;
    private readonly IRandomSource _random;
    private readonly ILogger<MiddleSourceService> _log;
    private readonly MiddleSource<MiddleSecret> _secret;
    private readonly MiddleSource<MiddleProxyList> _list;
    private readonly MiddleSource<MiddleProxyList> _listV6;
    private TimeSpan? _clockError;
    private bool _clockWarned;
    private MiddleRoutes _published = MiddleRoutes.Loading;

    public MiddleSourceService(
        IOptionsMonitor<ProxySettings> settings,
        MiddlePool pool,
        IMiddleDownload download,
        TimeProvider clock,
        IRandomSource random,
        ILogger<MiddleSourceService> log)
    {
        (_settings, _pool, _clock, _random, _log) = (settings, pool, clock, random, log);
        var events = new MiddleSourceEvents(log.MiddleSourceRead, log.MiddleSourceFailed, log.MiddleNotKept, OnDate);
        _secret = new MiddleSource<MiddleSecret>("proxy-secret", MostSecret, ParseSecret, download, clock, events);
        _list = new MiddleSource<MiddleProxyList>("proxy-config", MiddleProxyList.MaxText, ParseList, download, clock, events);
        _listV6 = new MiddleSource<MiddleProxyList>("proxy-config-v6", MiddleProxyList.MaxText, ParseList, download, clock, events);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = _settings.OnChange((_, _) => _wake.Writer.TryWrite(true));
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Timeout.InfiniteTimeSpan;
            var now = _settings.CurrentValue;
            if (now.MiddleProxy.Enabled)
            {
                await LookAsync(now, stoppingToken);
                pause = PauseFor(now.MiddleProxy);
            }

            await WaitAsync(pause, stoppingToken);
        }
    }

    /// <summary>The sources at once: a blocked one takes its whole time to fail.</summary>
    private async Task LookAsync(ProxySettings now, CancellationToken cancellationToken)
    {
        var middle = now.MiddleProxy;
        await Task.WhenAll(
            _secret.RefreshAsync(middle.SecretFile, middle.SecretUrl, now.State, middle.Refresh, now.Upstreams, Jitter(), cancellationToken),
            _list.RefreshAsync(middle.ConfigFile, middle.ConfigUrl, now.State, middle.Refresh, now.Upstreams, Jitter(), cancellationToken),
            middle.ConfigFile is null
                ? _listV6.RefreshAsync(null, middle.ConfigUrlV6, now.State, middle.Refresh, now.Upstreams, Jitter(), cancellationToken)
                : Task.CompletedTask);

        var list = (_list.Value ?? MiddleProxyList.Empty).With(middle.ConfigFile is null ? _listV6.Value ?? MiddleProxyList.Empty : MiddleProxyList.Empty);
        if (_published.IsLoading || _published.Secret != _secret.Value || !_published.List.Equals(list))
        {
            _published = new MiddleRoutes(_secret.Value, list, IsLoading: false);
        }

        _pool.Use(_published, new MiddleSources(
            middle.ConfigFile is null ? [_secret.Status, _list.Status, _listV6.Status] : [_secret.Status, _list.Status], _clockError));
    }

    private TimeSpan PauseFor(MiddleProxySettings middle)
    {
        var next = new[] { _secret.NextAt, _list.NextAt, middle.ConfigFile is null ? _listV6.NextAt : DateTimeOffset.MaxValue }.Min();
        var pause = next == DateTimeOffset.MaxValue ? LongestPause : next - _clock.GetUtcNow();
        pause = pause < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : pause > LongestPause ? LongestPause : pause;
        return middle.SecretFile is null && middle.ConfigFile is null || pause < FileLook ? pause : FileLook;
    }

    /// <summary>Ends early when the settings change.</summary>
    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_wake.Reader.WaitToReadAsync(early.Token).AsTask(), Task.Delay(pause, _clock, early.Token));
        await early.CancelAsync();
        _wake.Reader.TryRead(out _);
    }

    private void OnDate(string host, TimeSpan error)
    {
        // The header has whole seconds, and the answer was on its way.
        _clockError = error;
        var wrong = Math.Abs(error.TotalSeconds) > MiddleHandshake.MaxSkewSeconds;
        if (wrong && !_clockWarned)
        {
            _log.MiddleClock((long)Math.Abs(error.TotalSeconds), error > TimeSpan.Zero ? "ahead" : "behind", host);
        }

        _clockWarned = wrong;
    }

    private double Jitter()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        _random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }

    private static MiddleSecret? ParseSecret(ReadOnlySpan<byte> bytes, out string? problem)
    {
        problem = MiddleSecret.TryCreate(bytes, out var secret) ? null : $"this is no proxy secret ({bytes.Length} bytes)";
        return secret;
    }

    private static MiddleProxyList? ParseList(ReadOnlySpan<byte> bytes, out string? problem)
    {
        return MiddleProxyList.TryParse(Encoding.UTF8.GetString(bytes), out var list, out problem) ? list : null;
    }
}
