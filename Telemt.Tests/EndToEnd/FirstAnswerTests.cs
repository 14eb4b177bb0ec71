using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A DC that takes a connection, and what the client says, and stays mute.</summary>
internal sealed class FirstAnswerTests : LiveTests
{
    private const int PathDown = 8000;
    private const int DcMute = 3008;

    /// <summary>Bytes of a frame that tells the fake Telegram what to do, at least.</summary>
    private const int Command = 16;

    [Test]
    [LiveKey("timeouts.first_answer")]
    public async Task MuteDc_AfterTheClientSpoke_TheClientIsClosedAndTheAddressMarked(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var client = await Proxy.ConnectAsync(form, cancellation: cancellation);
        await client.AskAsync(FakeMode.Mute, cancellation: cancellation);
        await Wait.UntilAsync(() => Proxy.Telegram.Accepted == 1, "the DC");
        await Proxy.EditAsync(("timeouts.first_answer", "60"));

        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(form, 3, cancellation: cancellation), "a turn of the loop later");
        var before = await UpAsync();
        await client.SendAsync(new byte[100], cancellation);
        await MovedAsync(before + 100);
        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(form, 3, cancellation: cancellation));
        Assert.That(Proxy.Sessions.CountOf(SessionEnd.DcMute), Is.Zero, "it counts from the client's last byte");
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Proxy.EndedAsync(SessionEnd.DcMute);
        await client.Socket.EndsByResetAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Log.Count(DcMute) == 1, "the warning");
        Assert.That(Proxy.Log.Of(DcMute).Single(), Does.Contain(Proxy.Telegram.EndPoint.ToString()));
    }

    [Test]
    public async Task MuteDc_ThreeTimes_SessionsGoElsewhere(CancellationToken cancellation)
    {
        await using var mute = ProxyFixture.NewTelegram();
        await Proxy.EditAsync(("dc_overrides.2", Text(mute.EndPoint)), ("health.interval", "3600"));
        for (var i = 1; i <= 3; i++)
        {
            using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
            await client.AskAsync(FakeMode.Mute, cancellation: cancellation);
            await Wait.UntilAsync(() => mute.Accepted == i, "the DC");
            await MovedAsync(i * Command);
            Proxy.Advance(TimeSpan.FromSeconds(16));
            await Proxy.EndedAsync(SessionEnd.DcMute, i);
        }

        await Wait.UntilAsync(() => Proxy.Log.Count(PathDown) == 1, "the address to be avoided");
        await Proxy.EditAsync(("dc_overrides.2", $"[{Text(mute.EndPoint)}, {Text(Proxy.Telegram.EndPoint)}]"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(mute.Accepted, Is.EqualTo(3));
    }

    [Test]
    public async Task OpenedInAdvance_WithNothingButAHeader_Lives(CancellationToken cancellation)
    {
        using var client = await Proxy.ConnectAsync(Form.Abridged, cancellation: cancellation);
        await client.SendAsync(ReadOnlyMemory<byte>.Empty, cancellation);
        await Wait.UntilAsync(() => Proxy.Telegram.Accepted == 1, "the DC");

        Proxy.Advance(TimeSpan.FromSeconds(100));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation), "a turn of the loop later");

        await Proxy.SessionsAsync(1);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    public async Task SlowUpload_ThatTheDcHasNotTakenYet_LivesAsLongAsItMoves(CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        await Proxy.EditAsync(("dc_overrides.2", Text(dc.LocalEndPoint!)));
        using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        var sending = Task.Run(() => SendMuchAsync(client, cancellation), cancellation);
        using var atDc = await dc.AcceptAsync(cancellation);
        await StandstillAsync();
        for (var i = 0; i < 3; i++)
        {
            Proxy.Advance(TimeSpan.FromSeconds(16));
            Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation), "a turn of the loop later");
            Assert.That(Proxy.Sessions.CountOf(SessionEnd.DcMute), Is.Zero, $"{i}: the DC has not taken it all");
            await atDc.ReceiveAsync(new byte[1 << 20], cancellation);
            await StandstillAsync();
        }

        // From here on nothing is taken any more: twice the time.
        Proxy.Advance(TimeSpan.FromSeconds(16));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation));
        Proxy.Advance(TimeSpan.FromSeconds(16));
        await Proxy.EndedAsync(SessionEnd.DcMute);
        await Assert.ThrowsAsync<SocketException>(() => sending);
    }

    private static async Task SendMuchAsync(ClientConnection client, CancellationToken cancellation)
    {
        var piece = new byte[1 << 16];
        while (true)
        {
            await client.SendAsync(piece, cancellation);
        }
    }

    /// <summary>So many of the clients' bytes have gone through, those of ended ones included.</summary>
    private async Task MovedAsync(long bytes)
    {
        while (await UpAsync() < bytes)
        {
            TestContext.CurrentContext.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task StandstillAsync()
    {
        for (var (last, same) = (-1L, 0); same < 200;)
        {
            var now = await UpAsync();
            (last, same) = (now, now == last ? same + 1 : 0);
            TestContext.CurrentContext.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<long> UpAsync()
    {
        var sessions = Proxy.Sessions.PerLoop.Single();
        var up = new TaskCompletionSource<long>();
        sessions.Loop.Post(_ => up.SetResult(sessions.TotalBytes().Up), null);
        await Task.Delay(1);
        return await up.Task;
    }
}
