using System.Diagnostics;
using System.Diagnostics.Metrics;
using Telemt.Core;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Telemetry;

/// <summary>
/// What is told of single sessions: their times, and a trace of some. A session carries four numbers; spans are made at its end, so that
/// one that is not sampled costs a comparison. Called on the loops.
/// </summary>
internal sealed class SessionTelemetry : IDisposable
{
    public const string SourceName = "Telemt";

    private readonly IRandomSource _random;
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _handshake;
    private readonly Histogram<double> _answer;
    private readonly Histogram<double> _duration;
    private readonly ActivitySource _source = new(SourceName);

    public SessionTelemetry(IMeterFactory meters, IRandomSource random, TimeProvider clock)
    {
        (_random, _clock) = (random, clock);
        var meter = meters.Create(ProxyMetrics.MeterName);
        _handshake = meter.CreateHistogram(
            "telemt.handshake.duration", "s", "Times of a client's way in, by stage.", tags: null, Buckets.Network);
        _answer = meter.CreateHistogram(
            "telemt.first_answer.duration", "s", "From the handshake to the data centre's first byte.", tags: null, Buckets.Network);
        _duration = meter.CreateHistogram("telemt.session.duration", "s", "Whole sessions of clients.", tags: null, Buckets.Sessions);
    }

    /// <summary>Part of the good sessions that are traced.</summary>
    public double Sample { get; set; }

    public void Dispose() => _source.Dispose();

    /// <param name="milliseconds">Since the handshake.</param>
    public void OnAnswered(Session session, long milliseconds)
    {
        if (_answer.Enabled)
        {
            _answer.Record(milliseconds / 1000.0, MetricTags.Of("mode", session.Mode), MetricTags.Dc(session.Dc));
        }

        if (_handshake.Enabled)
        {
            var (mode, times) = (MetricTags.Of("mode", session.Mode), session.Times);
            if (times.Hello > 0)
            {
                _handshake.Record(times.Hello / 1000.0, mode, new("stage", "hello"));
            }

            _handshake.Record((times.Admitted - times.Hello) / 1000.0, mode, new("stage", "authenticate"));
            _handshake.Record((times.Dialled - times.Admitted) / 1000.0, mode, new("stage", "dial"));
        }
    }

    /// <param name="stage">In which it was.</param>
    public void OnEnded(Session session, SessionStage stage)
    {
        using var span = _source.HasListeners() && IsTraced(session, stage) ? Trace(session) : null;
        if (stage == SessionStage.Client && _duration.Enabled)
        {
            // While the span is current, so that it becomes the exemplar.
            _duration.Record(session.Age / 1000.0, MetricTags.Of("mode", session.Mode), MetricTags.Of("cause", session.EndCause));
        }
    }

    private bool IsTraced(Session session, SessionStage stage)
    {
        if (stage == SessionStage.Client && IsFailure(session.EndCause))
        {
            return true;
        }

        // Strangers come by the thousand: of those who are refused only the sample is kept, too.
        Span<byte> dice = stackalloc byte[sizeof(uint)];
        _random.Fill(dice);
        return BitConverter.ToUInt32(dice) < Sample * uint.MaxValue;
    }

    private static bool IsFailure(SessionEnd cause) => cause is SessionEnd.DcUnreachable or SessionEnd.DcMute or SessionEnd.DcReset
        or SessionEnd.UnknownDc or SessionEnd.MiddleUnreachable or SessionEnd.MiddleLost or SessionEnd.ClientQueue or SessionEnd.Memory
        or SessionEnd.Protocol or SessionEnd.Fault;

    private Activity? Trace(Session session)
    {
        var end = _clock.GetUtcNow();
        var start = end - TimeSpan.FromMilliseconds(session.Age);
        var span = _source.StartActivity("session", ActivityKind.Server, default(ActivityContext), startTime: start);
        if (span is null)
        {
            return null;
        }

        span.SetTag("telemt.end.cause", MetricTags.Word(session.EndCause));
        if (session.User is { } user)
        {
            span.SetTag("telemt.user", user.Name);
            span.SetTag("telemt.mode", MetricTags.Word(session.Mode));
            span.SetTag("telemt.dc", (int)session.Dc);
            span.SetTag("telemt.route", MetricTags.Word(session.Route));
            span.SetTag("telemt.upstream", session.Path?.Upstream.Settings.Name);
            span.SetTag("server.address", session.Path?.Target.ToString());
            span.SetTag("telemt.bytes.up", session.BytesUp);
            span.SetTag("telemt.bytes.down", session.BytesDown);
        }
        else
        {
            span.SetTag("telemt.refusal", MetricTags.Word(session.Refusal));
        }

        if (IsFailure(session.EndCause))
        {
            span.SetStatus(ActivityStatusCode.Error, MetricTags.Word(session.EndCause));
        }

        var times = session.Times;
        Child(span, "hello", 0, times.Hello);
        Child(span, "authenticate", times.Hello, times.Admitted);
        Child(span, "dial", times.Admitted, session.EndCause == SessionEnd.DcUnreachable ? session.Age : times.Dialled);
        Child(span, "first answer", times.Dialled, session.EndCause == SessionEnd.DcMute ? session.Age : times.Answered);
        span.SetEndTime(end.UtcDateTime);
        Activity.Current = span;
        return span;

        void Child(Activity parent, string name, int from, int to)
        {
            if (to > 0 && _source.StartActivity(name, ActivityKind.Internal, parent.Context, startTime: start.AddMilliseconds(from)) is { } child)
            {
                child.SetEndTime(start.AddMilliseconds(to).UtcDateTime);
                child.Dispose();
            }
        }
    }
}
