using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>What a collector gets of the running proxy, by the bytes of OTLP.</summary>
internal sealed class TelemetryTests : LiveTests
{
    private const int TelemetryOff = 9102;
    private const int CollectorFails = 9103;
    private const int CollectorWorks = 9104;

    [Test]
    [LiveKey("telemetry.endpoint")]
    [LiveKey("telemetry.protocol")]
    [LiveKey("telemetry.interval")]
    [LiveKey("telemetry.service")]
    [LiveKey("telemetry.headers")]
    public async Task Metrics_SwitchedOn_ReachTheCollector([Values] bool grpc, CancellationToken cancellation)
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc);
        await OnAsync(collector, grpc, ("telemetry.service", Text("telemt-test")), ("telemetry.headers", "{ authorization = \"Bearer a b\" }"));
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        await client.EchoMoreAsync(100_000, cancellation: cancellation);
        await ArriveAsync(() => collector.Of("telemt.io").Any(point => point.Attributes["direction"] == "down" && point.Value > 100_000));

        await ArriveAsync(() => collector.Of("telemt.sessions.active").Any(point => point.Attributes["stage"] == "client" && point.Value == 1));
        await ArriveAsync(() => collector.Of("telemt.sessions.admitted").Any(point => point.Attributes["mode"] == "tls" && point.Value == 1));
        await ArriveAsync(() => collector.Of("telemt.dial.duration").Any(point => point.Attributes["dc"] != "0" && point is { Kind: "histogram", Unit: "s" }));
        await ArriveAsync(() => collector.Of("telemt.first_answer.duration").Any(point => point.Attributes["mode"] == "tls"));
        await ArriveAsync(() => collector.Of("telemt.handshake.duration").Any(point => point.Attributes["stage"] == "dial"));
        await ArriveAsync(() => collector.Of("telemt.user.io").Any(point => point.Attributes["user"] == "tele" && point.Value > 100_000));
        await ArriveAsync(() => collector.Of("telemt.loop.time").Any(point => point.Value > 0));
        await ArriveAsync(() => collector.Of("dotnet.gc.collections").Any());
        Assert.That(collector.Points.Select(point => point.Service).Distinct(), Is.EqualTo((string[])["telemt-test"]));
        Assert.That(collector.Authorizations, Has.All.EqualTo("Bearer a b"));

        await Proxy.EditAsync(("telemetry.endpoint", null));
        Assert.That(Proxy.Log.Count(TelemetryOff), Is.EqualTo(1));
    }

    [Test]
    [LiveKey("telemetry.user_labels")]
    public async Task UserLabels_Capped_TheOthersShareOne(CancellationToken cancellation)
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc: true);
        await OnAsync(collector, grpc: true, ("telemetry.user_labels", "1"));
        using var one = await Proxy.EchoingAsync(Form.Tls, user: "tele", cancellation: cancellation);
        using var two = await Proxy.EchoingAsync(Form.Tls, user: "hello", cancellation: cancellation);

        await ArriveAsync(() => Users().Contains("(others)"));
        Assert.That(Users(), Has.Count.EqualTo(2), "and one of the two");

        HashSet<string> Users() => [.. collector.Of("telemt.user.sessions").Select(point => point.Attributes["user"])];
    }

    [Test]
    [LiveKey("telemetry.traces")]
    [LiveKey("telemetry.sample")]
    public async Task Traces_OfASession_HaveItsStagesInOrder(CancellationToken cancellation)
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc: true);
        await OnAsync(collector, grpc: true, ("telemetry.sample", "1"));
        using (var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation))
        {
            Proxy.Advance(TimeSpan.FromSeconds(2));
            await client.EchoMoreAsync(cancellation: cancellation);
        }

        await Proxy.SessionsAsync(0);
        await Proxy.EditAsync(("telemetry.traces", "false"));
        await ArriveAsync(() => collector.Spans.Any(span => span.Parent.Length == 0));
        var session = collector.Spans.Single(span => span.Parent.Length == 0);
        Assert.That((session.Attributes["telemt.user"], session.Attributes["telemt.mode"], session.IsError), Is.EqualTo(("tele", "tls", false)));
        Assert.That(session.End - session.Start, Is.GreaterThanOrEqualTo(2_000_000_000));
        var children = collector.Spans.Where(span => span.Parent == session.Id).OrderBy(span => span.Start).ToList();
        Assert.That(children, Has.All.Matches<OtlpSpan>(span => span!.Trace == session.Trace && span.Start >= session.Start && span.End <= session.End));
        Assert.That(children.Select(span => span.Name), Is.SubsetOf((string[])["hello", "authenticate", "dial", "first answer"]));
    }

    [Test]
    public async Task Logs_OfWhatTheOperatorReads_ReachTheCollectorToo([Values] bool grpc, CancellationToken cancellation)
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc);
        await OnAsync(collector, grpc, ("users.added", Text(ProxyFixture.SecretOf("added"))));
        await Proxy.EditAsync(("fast_mode", "false"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, user: "added", cancellation: cancellation));
        await Proxy.EditAsync(("telemetry.endpoint", null));

        await ArriveAsync(() => collector.Logs.Any(line => line.Text.Contains("fast_mode") && line.Category.StartsWith("Telemt.Worker.Configuration")));
        Assert.That(collector.Logs.Select(line => line.Text), Has.None.Contains(ProxyFixture.SecretOf("added")));
    }

    [Test]
    public async Task Traces_OfAFailure_AreSentWithoutASample(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        await using var collector = await OtlpReceiver.StartAsync(grpc: false);
        await OnAsync(collector, grpc: false, ("telemetry.sample", "0"), ("dc_overrides.2", Text(refusing.LocalEndPoint!)));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        await Proxy.EndedAsync(SessionEnd.DcUnreachable);

        await Proxy.EditAsync(("telemetry.endpoint", null));
        await ArriveAsync(() => collector.Spans.Count > 0);
        Assert.That(collector.Spans.Where(span => span.Parent.Length == 0).Select(span => span.Attributes["telemt.end.cause"]), Is.EqualTo((string[])["dc_unreachable"]));
        Assert.That(collector.Spans.First(span => span.Parent.Length == 0).IsError);
    }

    [Test]
    public async Task Collector_ThatIsNotThere_IsSaidOnceAndOnceWhenItIsBack(CancellationToken cancellation)
    {
        var port = Ports.Free();
        await Proxy.EditAsync(("telemetry.endpoint", Text($"http://127.0.0.1:{port}")), ("telemetry.interval", "1"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        await ArriveAsync(() => Proxy.Log.Count(CollectorFails) == 1);

        await using var collector = await OtlpReceiver.StartAsync(grpc: true, port);
        await ArriveAsync(() => Proxy.Log.Count(CollectorWorks) == 1);
        Assert.That(Proxy.Log.Count(CollectorFails), Is.EqualTo(1));
    }

    private Task OnAsync(OtlpReceiver collector, bool grpc, params (string Key, string? Value)[] also) => Proxy.EditAsync(
    [
        ("telemetry.endpoint", Text(collector.Endpoint)),
        ("telemetry.protocol", Text(grpc ? "grpc" : "http/protobuf")),
        ("telemetry.interval", "1"),
        .. also,
    ]);

    /// <summary>Metrics come each second of the SDK's own clock.</summary>
    private static Task ArriveAsync(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = "") =>
        Wait.UntilAsync(condition, what);
}
