using System.Reflection;
using Telemt.Core.Gate;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Control.Status;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Control.Api;

/// <summary>Puts the overview together from what the parts of the proxy know.</summary>
internal sealed class StatusView(
    LastGoodMonitor settings,
    StatusSampler sampler,
    HealthJudge judge,
    EventRing events,
    ConfigurationEditor editor,
    SessionRegistry registry,
    TimeProvider clock)
{
    private static readonly Refusal[] Causes = [.. Enum.GetValues<Refusal>().Where(cause => cause != Refusal.None)];
    private static readonly SessionEnd[] Ends = [.. Enum.GetValues<SessionEnd>().Where(end => end != SessionEnd.None)];

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    /// <summary>By the newest sample; zeros before the first.</summary>
    public StatusDocument Read()
    {
        var now = settings.CurrentValue;
        var sample = sampler.Current;
        var reasons = judge.Judge(sample, sampler.History);
        var total = sample?.Total ?? default;
        return new StatusDocument
        {
            Version = typeof(StatusView).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?",
            At = sample?.At ?? clock.GetUtcNow(),
            StartedAt = _startedAt,
            Revision = now.Revision,
            File = settings.InForce.Path,
            Health = Word(HealthJudge.Worst(reasons)),
            Reasons = [.. reasons.Select(reason => new ReasonDocument(Word(reason.Severity), reason.Text, reason.Cure))],
            Sessions = sample?.Clients ?? 0,
            Handshakes = sample?.Handshakes ?? 0,
            Masked = sample?.Handed ?? 0,
            Users = new UserCounts(now.Users.Users.Length, now.Users.Users.Count(user => user.Enabled && !(user.Expires <= clock.GetUtcNow())), null),
            Totals = new TotalDocument(total.Accepted, total.Admitted, total.Masked, total.Evicted, sample?.Refused ?? 0, total.Up, total.Down),
            Rates = sample is null ? new(0, 0, 0, 0) : new(sample.Rates.Up, sample.Rates.Down, sample.Rates.Admitted, sample.Rates.Refused),
            Refusals = Counts(Causes, sample?.Refusals),
            Ends = Counts(Ends, sample?.Ends),
            Process = new ProcessDocument(
                registry.PerLoop.Count,
                sample?.StuckLoops ?? 0,
                total.Lag.TotalMilliseconds,
                total.Held,
                Environment.WorkingSet,
                OpenFiles(),
                HostLimits.Descriptors()),
            Edits = Edits(),
            LastEvent = events.Last,
        };
    }

    public HistoryDocument ReadHistory()
    {
        var points = sampler.History.Read();
        return new HistoryDocument
        {
            Step = (int)HistoryRing.Step.TotalSeconds,
            At = [.. points.Select(point => point.At.ToUnixTimeSeconds())],
            Sessions = [.. points.Select(point => point.Clients)],
            Handshakes = [.. points.Select(point => point.Handshakes)],
            Masked = [.. points.Select(point => point.Handed)],
            BytesUp = [.. points.Select(point => Math.Round(point.Up))],
            BytesDown = [.. points.Select(point => Math.Round(point.Down))],
            Admitted = [.. points.Select(point => Math.Round(point.Admitted, 2))],
            Refused = [.. points.Select(point => Math.Round(point.Refused, 2))],
            LoopLag = [.. points.Select(point => Math.Round(point.Lag, 1))],
        };
    }

    public EventsDocument ReadEvents(long after) => new([.. events.Read(after).Select(Document)]);

    public static EventDocument Document(ControlEvent happened) => new(
        happened.Id, happened.At, Word(happened.Level), happened.Code, Word(happened.Room), happened.Text);

    public EditsDocument Edits()
    {
        var why = settings.CurrentValue.Control.ReadOnly ? "control.read_only is set" : editor.WhyNot();
        return new EditsDocument(why is null, why);
    }

    /// <summary>Only causes that occurred: a list of zeros tells nothing.</summary>
    private static Dictionary<string, long> Counts<T>(T[] names, IReadOnlyList<long>? counts)
        where T : struct, Enum
    {
        var words = new Dictionary<string, long>();
        for (var i = 0; counts is not null && i < names.Length; i++)
        {
            if (counts[i] > 0)
            {
                words.Add(Word(names[i]), counts[i]);
            }
        }

        return words;
    }

    /// <summary>DcUnreachable → dc_unreachable.</summary>
    internal static string Word<T>(T name)
        where T : notnull => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()!);

    private static int OpenFiles()
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
