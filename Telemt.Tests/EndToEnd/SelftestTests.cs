using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telemt.Core.Client;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker;
using Telemt.Worker.Cli;
using Telemt.Worker.Selftest;

namespace Telemt.Tests.EndToEnd;

[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class SelftestTests
{
    [Test]
    public async Task Selftest_OnThisHost_EverythingWorks(CancellationToken cancellation)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await SelftestCommand.RunAsync(output, error, SelftestLoad.Small, cancellation);

        Assert.That(code, Is.EqualTo(ExitCode.Good), error.ToString());
        Assert.That(output.ToString(), Does.Contain("Everything works.").And.Not.Contain("FAILED"));
        Assert.That(output.ToString(), Does.Match(@"download, MB +[1-9]\d* +[1-9]\d*"));
    }

    [Test]
    public async Task Check_TelegramThatEndsTheConnection_IsNoticed(CancellationToken cancellation)
    {
        var random = new SystemRandomSource();
        await using var telegram = FakeTelegram.Start(
            new FakeTelegramOptions { Choose = _ => new FakeCommand(FakeMode.Close, 1) }, TimeProvider.System, random);
        await using var proxy = await LoopbackProxy.StartAsync(telegram.EndPoint, random, cancellation: cancellation);
        var runner = new SelftestRunner(proxy, telegram, random, TimeProvider.System);

        foreach (var way in SelftestWay.All)
        {
            Assert.That(await runner.CheckAsync(way, 2, cancellation), Is.Not.Null.And.Not.Empty, way.Name);
        }
    }

    [Test]
    public async Task Start_BesideAServingProxy_KeepsAStateOfItsOwn(CancellationToken cancellation)
    {
        var random = new SystemRandomSource();
        await using var telegram = FakeTelegram.Start(null, TimeProvider.System, random);
        await using var proxy = await LoopbackProxy.StartAsync(telegram.EndPoint, random, cancellation: cancellation);

        var settings = proxy.Services.GetRequiredService<IOptionsMonitor<ProxySettings>>().CurrentValue;
        Assert.That(settings.State, Is.EqualTo(Path.GetDirectoryName(proxy.File)));
    }

    /// <summary>Old clients' hellos, which come in one segment: 517 bytes without an ML-KEM share.</summary>
    [Test]
    public async Task Connect_WithALegacyHello_Accepted(CancellationToken cancellation)
    {
        var random = new SystemRandomSource();
        await using var telegram = FakeTelegram.Start(null, TimeProvider.System, random);
        await using var proxy = await LoopbackProxy.StartAsync(telegram.EndPoint, random, cancellation: cancellation);
        using var client = await ClientConnection.ConnectAsync(
            proxy.EndPoint,
            proxy.ClientSecret(ClientMode.Tls),
            ProtocolTag.PaddedIntermediate,
            5,
            random,
            TimeProvider.System,
            HelloStyle.Legacy,
            cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Source, 1000).ToPayload(), cancellation);

        Assert.That(BytePattern.FindDifference(await client.ReceiveExactlyAsync(1000, cancellation), 0), Is.EqualTo(-1));
        Assert.That((await telegram.Headers.ReadAsync(cancellation)).Dc, Is.EqualTo(5));
    }

    [Test]
    public async Task Ping_ThroughTheHost_EveryModeAnswers([Values] ClientMode mode, CancellationToken cancellation)
    {
        var random = new SystemRandomSource();
        await using var telegram = FakeTelegram.Start(null, TimeProvider.System, random);
        await using var proxy = await LoopbackProxy.StartAsync(telegram.EndPoint, random, cancellation: cancellation);
        var (output, error) = (new StringWriter(), new StringWriter());

        Assert.That(
            await CommandLine.RunAsync(["ping", proxy.Link(mode).ToHttps(), "--dc", "1,2,3,4,5,-2,203,10002,-10001"], output, error),
            Is.EqualTo(ExitCode.Good),
            output.ToString() + error);
    }

    [Test]
    public async Task Ping_ByMiddleProxies_EveryModeAnswers([Values] ClientMode mode, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        var link = new ProxyLink("127.0.0.1", it.Proxy.Port, ClientSecret.For(ProxyFixture.KeyOf("tele"), mode, ProxyFixture.Domain));
        var (output, error) = (new StringWriter(), new StringWriter());

        Assert.That(
            await CommandLine.RunAsync(["ping", link.ToHttps(), "--dc", "1,2,-4,203"], output, error), Is.EqualTo(ExitCode.Good), output.ToString() + error);
        Assert.That((it.Proxy.Telegram.Accepted, it.Status.Fallbacks), Is.EqualTo((0L, 0L)), "nothing went directly");
    }
}
