using System.Net;
using Telemt.Core.Middle;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Selftest.Middle;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>What goes wrong on the way of ad tags ends where it is, with its name, and nothing else notices.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class MiddleTroubleTests
{
    [Test]
    public async Task OneOfTwoDies_AllClientsAreBackOnTheOther(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        var other = it.NewMiddle();
        it.WriteList((2, it.Middle.EndPoint), (2, other.EndPoint));
        await it.EditAsync(("strict", "true"));
        await Wait.UntilAsync(() => it.Proxy.Log.Of(8410).Count() >= 3, "the new list");
        var clients = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => it.EchoingAsync(Form.All[i % 4], cancellation: cancellation)));
        var (dead, alive) = it.Middle.Clients > 0 ? (it.Middle, other) : (other, it.Middle);

        dead.Kill();

        for (var i = 0; i < clients.Length; i++)
        {
            try
            {
                await MiddleFixture.EchoAsync(clients[i], MiddleFixture.Message(56, i), cancellation);
            }
            catch (Exception e) when (e is EndOfStreamException or System.Net.Sockets.SocketException)
            {
                clients[i].Dispose();
                clients[i] = await it.EchoingAsync(Form.All[i % 4], cancellation: cancellation);
            }
        }

        Assert.That(alive.Clients, Is.EqualTo(80));
        Assert.That(it.Status.Fallbacks, Is.Zero);
        Assert.That(it.Proxy.Log.Of(8402).First(), Does.Contain(dead.EndPoint.ToString()));
    }

    [Test]
    public async Task TagsAndLists_EditedUnderTraffic_NothingIsLost(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        var other = it.NewMiddle();
        var clients = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => it.EchoingAsync(Form.All[i % 4], cancellation: cancellation)));
        var edited = 0;
        var talking = clients.Select((client, i) => Task.Run(
            async () =>
            {
                var rounds = 0;
                for (; Volatile.Read(ref edited) == 0; rounds++)
                {
                    await MiddleFixture.EchoAsync(client, MiddleFixture.Message(56 + (4 * (rounds % 1000)), i), cancellation);
                }

                return rounds;
            },
            cancellation)).ToArray();

        for (var edit = 1; edit <= 6; edit++)
        {
            var (tag, at) = ($"{edit:x32}", edit % 2 == 1 ? other : it.Middle);
            it.WriteList((2, at.EndPoint), (-4, it.Media.EndPoint));
            await it.EditAsync(("ad_tag", $"\"{tag}\""));
            await Wait.UntilAsync(() => it.Proxy.Log.Of(8410).Count() == 2 + edit, "the new list");
            using var client = await it.EchoingAsync(Form.All[edit % 4], cancellation: cancellation);
            while ((await at.Requests.ReadAsync(cancellation)).Tag != tag)
            {
            }
        }

        Volatile.Write(ref edited, 1);
        Assert.That(await Task.WhenAll(talking), Has.All.GreaterThan(0));
        Assert.That(it.Middle.Clients + other.Clients, Is.GreaterThanOrEqualTo(clients.Length), "on the connections that they began on");
        Assert.That(it.Status.Fallbacks, Is.Zero);
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    [Test]
    public async Task NoMiddleProxy_FallbackAllowed_GoesDirectlyAndSaysSo([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        it.Middle.Kill();

        Assert.That(await it.Proxy.ServesAsync(form, cancellation: cancellation));
        Assert.That(it.Status.Fallbacks, Is.EqualTo(1));
        Assert.That(it.Proxy.Log.Of(8404).Single(), Does.Contain("directly, without its ad tag").And.Contain("refused"));
        Assert.That(it.Proxy.Log.Count(8401), Is.EqualTo(1));
    }

    [Test]
    public async Task MiddleProxyComesBack_NewClientsUseItAgain(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        it.Middle.Kill();
        Assert.That(await it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation));

        var again = it.NewMiddle(new FakeMiddleOptions { EndPoint = it.Middle.EndPoint });
        it.Proxy.Advance(TimeSpan.FromSeconds(31));
        await Wait.UntilAsync(() => again.Live == 1, "a connection made for those who will come");
        await Wait.UntilAsync(() => it.Proxy.Log.Count(8400) == 1, "that it is ready");

        Assert.That(await it.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task FirstAddressKeepsSilent_TheNextOneJoinsSoon(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var silent = new SilentPort();
        it.WriteList((2, silent.EndPoint), (2, it.Middle.EndPoint), (-4, it.Media.EndPoint));
        await it.EditAsync(("strict", "true"));
        await Wait.UntilAsync(() => it.Proxy.Log.Of(8410).Count() >= 3, "the new list");

        // Which of the two is first is drawn.
        for (var round = 0; round < 6; round++)
        {
            var serving = it.ServesAsync(Form.Tls, cancellation: cancellation);
            while (!serving.IsCompleted)
            {
                it.Proxy.Advance(TimeSpan.FromMilliseconds(200));
                await Task.Delay(1, cancellation);
            }

            Assert.That(await serving);
        }

        Assert.That(it.Status.Fallbacks, Is.Zero);
    }

    [Test]
    public async Task StandsStill_FoundByPing_ItsClientsEndAndComeAgainElsewhere(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var media = await it.EchoingAsync(Form.Tls, -4, cancellation: cancellation);
        await Wait.UntilAsync(() => it.Status.Clusters.Length == 2, "both in the status");
        it.Middle.StandStill();

        for (var second = 0; second < 14 && it.Proxy.Sessions.CountOf(SessionEnd.MiddleLost) == 0; second++)
        {
            it.Proxy.Advance(TimeSpan.FromSeconds(1));
            await MiddleFixture.EchoAsync(media, MiddleFixture.Message(56, second), cancellation);
        }

        await it.Proxy.EndedAsync(SessionEnd.MiddleLost);
        Assert.That(it.Proxy.Log.Of(8402).Single(), Does.Contain("no answer to a ping").And.Contain("1 clients"));
        Assert.That(it.Proxy.Sessions.CountOf(SessionEnd.MiddleLost), Is.EqualTo(1), "the other middle proxy's client goes on");
    }

    [Test]
    public async Task NeverAnswersPings_ButServes_StaysInUse(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync(options: new FakeMiddleOptions { Pongs = false });
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        for (var second = 0; second < 30; second++)
        {
            it.Proxy.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, cancellation);
        }

        await MiddleFixture.EchoAsync(client, MiddleFixture.Message(56, 1), cancellation);
        Assert.That(it.Middle.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task ClientStopsReading_EndsAtClientQueue_AndTheOthersGoOn([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        const long Queue = 1 << 20;
        await using var it = await MiddleFixture.StartAsync(toml => toml["middle_proxy.client_queue"] = "1048576");
        using var other = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var client = await it.Proxy.ConnectAsync(form, cancellation: cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Source, 1L << 40).ToMessage(), cancellation);

        var most = 0L;
        for (var round = 0; it.Proxy.Sessions.CountOf(SessionEnd.ClientQueue) == 0; round++)
        {
            most = Math.Max(most, it.Proxy.Held);
            await MiddleFixture.EchoAsync(other, MiddleFixture.Message(56, round), cancellation);
        }

        // Its queue, and what the connection itself holds: a frame under way, and the room to receive more.
        Assert.That(most, Is.LessThanOrEqualTo(Queue + (1 << 20)));
        await MiddleFixture.EchoAsync(other, MiddleFixture.Message(56, 77), cancellation);
        await Wait.UntilAsync(() => it.Middle.Clients == 1, "the middle proxy to be told");
        it.Proxy.Advance(TimeSpan.FromSeconds(2));
        await Wait.UntilAsync(() => it.Proxy.Held == 0, "the memory to be given back");
    }

    [Test]
    public async Task SlowClient_WithTwoMebibytesOutstanding_IsNotEnded(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Source, 2 << 20).ToMessage(), cancellation);
        await Wait.UntilAsync(() => it.Proxy.Sessions.PerLoop[0].TotalBytes().Down >= 2 << 20, "all of it to be on its way");

        var total = 0;
        var buffer = new byte[16 * 1024];
        while (total < 2 << 20)
        {
            var received = await client.ReceiveAsync(buffer, cancellation);
            Assert.That(received, Is.Positive);
            total += received;
        }

        Assert.That(it.Proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(1));
    }

    public static IEnumerable<TestCaseData> Nonsense()
    {
        TestCaseData Case(string name, Action<FakeMiddlePeer> say, MiddleFault fault) => new TestCaseData(say, fault).SetArgDisplayNames(name);
        yield return Case("short answer", peer => peer.Send([0x0d, 0xda, 0x03, 0x44, 0, 0, 0, 0]), MiddleFault.Message);
        yield return Case("long ack", peer => peer.Send([0x9b, 0x40, 0xac, 0x3b, .. new byte[20]]), MiddleFault.Message);
        yield return Case("empty body", peer => peer.Send([]), MiddleFault.Message);
    }

    [TestCaseSource(nameof(Nonsense))]
    public async Task MiddleProxySaysNonsense_ThatConnectionEndsWithACause(Action<FakeMiddlePeer> say, MiddleFault fault, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        await it.Middle.SayAsync(say);

        await it.Proxy.EndedAsync(SessionEnd.MiddleLost);
        Assert.That(it.Proxy.Log.Of(8402).Single(), Does.Contain(fault.ToString()));
        Assert.That(await it.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task MiddleProxySendsNoise_ThatConnectionEndsWithACause(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        await it.Middle.SendRawAsync(MiddleFixture.Message(64, 1));

        await it.Proxy.EndedAsync(SessionEnd.MiddleLost);
        Assert.That(await it.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task MiddleProxySpeaksUnasked_NobodyNotices(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        await it.Middle.SayAsync(peer =>
        {
            peer.SendAnswer(4711, new byte[64]);
            peer.SendAck(4712, [1, 2, 3, 0x84]);
            peer.SendShort(RpcType.CloseExternal, 4713);
            peer.SendShort(RpcType.Pong, 99);
            peer.SendShort(RpcType.Ping, 5);
            peer.Send([1, 2, 3, 4, 5, 6, 7, 8]);
        });

        await MiddleFixture.EchoAsync(client, MiddleFixture.Message(56, 2), cancellation);
        Assert.That(it.Middle.Live, Is.EqualTo(1));
    }

    public static IEnumerable<TestCaseData> Handshakes()
    {
        TestCaseData Case(string name, FakeMiddleOptions options, string words) => new TestCaseData(options, words).SetArgDisplayNames(name);
        yield return Case("other secret", new FakeMiddleOptions { KeySelector = 7 }, "secret_url");
        yield return Case("clock", new FakeMiddleOptions { SkewSeconds = 300 }, "300 s behind");
        yield return Case("address translation", new FakeMiddleOptions { SeenAs = IPAddress.Parse("198.51.100.9") }, "set public_ip");
        yield return Case("refusal", new FakeMiddleOptions { RefuseWith = -3 }, "error -3");
    }

    [TestCaseSource(nameof(Handshakes))]
    public async Task HandshakeFails_TheLogSaysWhyAndWhatToSet(FakeMiddleOptions options, string words, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync(options: options);
        it.FailuresAreMeant = true;

        Assert.That(await it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "directly");
        await Wait.UntilAsync(() => it.Proxy.Log.Count(8401) > 0, "the warning");
        Assert.That(it.Proxy.Log.Of(8401).First(), Does.Contain(words));
        await Wait.UntilAsync(() => it.Status.Clusters.Any(cluster => cluster.Failing.Any(failing => failing.Cause.Contains(words))), "the same in the status");
    }
}
