using System.Collections.Immutable;
using Telemt.Core.Settings;
using Telemt.Core.Status;

namespace Telemt.Worker.Middle;

/// <summary>
/// One of the three things that the route is made of: from a file of the operator's, else from a URL with a copy in the state folder. The
/// last good one stays in use whatever comes; what cannot be it is refused. Not for several threads.
/// </summary>
/// <param name="name">Of the copy; also its name in logs and status.</param>
/// <param name="parse">The value, or null with a reason.</param>
internal sealed class MiddleSource<T>(string name, int most, MiddleSource<T>.Parse parse, IMiddleDownload download, TimeProvider clock, MiddleSourceEvents events)
    where T : class
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(15);

    private string? _from;
    private (DateTime Written, long Length)? _stamp;
    private int _failures;
    private string? _problem;
    private string? _origin;
    private DateTimeOffset? _readAt;

    public delegate T? Parse(ReadOnlySpan<byte> bytes, out string? problem);

    /// <summary>What is in use; null until one was found.</summary>
    public T? Value { get; private set; }

    /// <summary>When <see cref="RefreshAsync"/> has something to do.</summary>
    public DateTimeOffset NextAt { get; private set; }

    public MiddleSourceStatus Status => new(name, _origin, _readAt, _problem);

    /// <summary>Looks where the settings say, if it is time: a file whenever it changed, a URL each refresh and sooner after a failure.</summary>
    /// <param name="jitter">0 to 1: spreads the refreshes of many proxies.</param>
    public async Task RefreshAsync(
        string? file, Uri? url, string? state, TimeSpan refresh, ImmutableArray<UpstreamSettings> upstreams, double jitter, CancellationToken cancellationToken)
    {
        var from = file ?? url?.AbsoluteUri;
        if (from != _from)
        {
            // Another place: the value of the old one stays until the new one gives its own.
            (_from, _stamp, _failures, _problem, NextAt) = (from, null, 0, null, DateTimeOffset.MinValue);
            if (file is null && Value is null)
            {
                ReadCopy(state, refresh, jitter);
            }
        }

        if (file is not null)
        {
            ReadFile(file);
        }
        else if (url is not null && clock.GetUtcNow() >= NextAt)
        {
            await FetchAsync(url, state, upstreams, cancellationToken);
            var pause = _failures == 0 ? refresh : FirstRetry * Math.Pow(2, Math.Min(_failures - 1, 12));
            NextAt = clock.GetUtcNow() + (pause < refresh ? pause : refresh) * (0.9 + (0.2 * jitter));
        }
        else if (url is null)
        {
            NextAt = DateTimeOffset.MaxValue;
        }
    }

    private void ReadFile(string file)
    {
        NextAt = DateTimeOffset.MaxValue;
        try
        {
            var info = new FileInfo(file);
            var stamp = info.Exists ? (info.LastWriteTimeUtc, info.Length) : (DateTime.MinValue, 0L);
            if (stamp == _stamp)
            {
                return;
            }

            _stamp = stamp;
            if (!info.Exists || info.Length > most)
            {
                Refuse(file, info.Exists ? "it is too long to be one" : "there is no such file");
                return;
            }

            Take(File.ReadAllBytes(file), file, info.LastWriteTimeUtc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(file, e.Message);
        }
    }

    private async Task FetchAsync(Uri url, string? state, ImmutableArray<UpstreamSettings> upstreams, CancellationToken cancellationToken)
    {
        var answer = await download.GetAsync(url, upstreams, most, cancellationToken);
        if (answer.Date is { } date)
        {
            events.OnDate(url.Host, clock.GetUtcNow() - date);
        }

        if (answer.Bytes is not { } bytes)
        {
            Refuse(url.AbsoluteUri, answer.Problem!);
        }
        else if (Take(bytes, url.AbsoluteUri, clock.GetUtcNow()) && state is not null)
        {
            Keep(state, bytes);
        }
    }

    private bool Take(byte[] bytes, string origin, DateTimeOffset at)
    {
        if (parse(bytes, out var problem) is not { } value)
        {
            Refuse(origin, problem!);
            return false;
        }

        (_failures, _problem, _readAt) = (0, null, at);
        if (Value is null || !value.Equals(Value) || _origin != origin)
        {
            Value = value;
            _origin = origin;
            events.OnRead(name, origin);
        }

        return true;
    }

    private void Refuse(string origin, string problem)
    {
        _failures++;
        if (problem != _problem)
        {
            events.OnFailed(name, origin, problem, Value is null ? "there is none to use" : "the last good one stays in use");
        }

        _problem = problem;
    }

    /// <summary>A copy that is young enough puts off the first download.</summary>
    private void ReadCopy(string? state, TimeSpan refresh, double jitter)
    {
        if (state is null)
        {
            return;
        }

        var path = Path.Combine(state, name);
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length <= most && Take(File.ReadAllBytes(path), path, info.LastWriteTimeUtc))
            {
                NextAt = info.LastWriteTimeUtc + (refresh * (0.9 + (0.2 * jitter)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Refuse(path, e.Message);
        }
    }

    /// <summary>By a rename, so that the copy is a whole one at any time.</summary>
    private void Keep(string state, byte[] bytes)
    {
        try
        {
            Directory.CreateDirectory(state);
            var path = Path.Combine(state, name);
            File.WriteAllBytes(path + ".new", bytes);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            events.OnNotKept(name, state, e.Message);
        }
    }
}

/// <summary>What sources tell of.</summary>
internal sealed record MiddleSourceEvents(
    Action<string, string> OnRead,
    Action<string, string, string, string> OnFailed,
    Action<string, string, string> OnNotKept,
    Action<string, TimeSpan> OnDate);
