using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Relay;
using Telemt.Tests.Fakes;
using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Transport;

internal sealed class RelayTests
{
    private static readonly RelayLimits None = new(long.MaxValue, long.MaxValue, long.MaxValue);

    [Test]
    public async Task Relay_MegabytesEachWayAtOnce_ArriveUnchanged()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            var up = Random(8 * 1024 * 1024, 1);
            var down = Random(8 * 1024 * 1024, 2);
            var received = await Task.WhenAll(
                Send(near, up).ContinueWith(_ => Array.Empty<byte>()),
                Send(far, down).ContinueWith(_ => Array.Empty<byte>()),
                Receive(far, up.Length),
                Receive(near, down.Length));
            Assert.That(SHA256.HashData(received[2]), Is.EqualTo(SHA256.HashData(up)));
            Assert.That(SHA256.HashData(received[3]), Is.EqualTo(SHA256.HashData(down)));
        }

        await fixture.EndedAsync();
    }

    [Test]
    public async Task Relay_NearEndsItsSide_FarMayStillAnswer()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            await Send(near, [1, 2, 3]);
            near.Shutdown(SocketShutdown.Send);
            Assert.That(await ReceiveToEnd(far), Is.EqualTo(new byte[] { 1, 2, 3 }));
            await Send(far, [4, 5]);
            far.Shutdown(SocketShutdown.Send);
            Assert.That(await ReceiveToEnd(near), Is.EqualTo(new byte[] { 4, 5 }));
        }

        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.NearFinished }));
    }

    [Test]
    public async Task Relay_FarEndsItsSide_NearMayStillSend()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            await Send(far, [9]);
            far.Shutdown(SocketShutdown.Send);
            Assert.That(await ReceiveToEnd(near), Is.EqualTo(new byte[] { 9 }));
            await Send(near, [8, 7]);
            near.Shutdown(SocketShutdown.Send);
            Assert.That(await ReceiveToEnd(far), Is.EqualTo(new byte[] { 8, 7 }));
        }

        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.FarFinished }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Relay_OneSideResets_TheOtherSeesReset(bool nearResets)
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        var (resetting, other) = nearResets ? (near, far) : (far, near);
        using (other)
        {
            await Send(resetting, [1]);
            Assert.That((await Receive(other, 1))[0], Is.EqualTo(1));
            resetting.LingerState = new LingerOption(true, 0);
            resetting.Close();
            var error = await Assert.ThrowsAsync<SocketException>(() => ReceiveToEnd(other));
            Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }

        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { nearResets ? RelayEnd.NearReset : RelayEnd.FarReset }));
    }

    [Test]
    public async Task Relay_SinkStopsReading_SourceIsHeldBackAndLittleIsKept()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            var pushed = await PushUntil(far, () => fixture.Relays[0].Down.IsStalled);
            Assert.That(fixture.Loop.Buffers.Held, Is.LessThanOrEqualTo(BufferPool.ScratchSize + 4096));
            Assert.That((await Receive(near, pushed)).Length, Is.EqualTo(pushed));
            await Wait.UntilAsync(() => fixture.Loop.Buffers.Held == 0, "what was held to leave");
        }
    }

    [Test]
    public async Task Relay_BudgetIsSpent_LongestStalledEndsForMemory()
    {
        using var fixture = new RelayFixture();
        fixture.OnLoop(() => fixture.Loop.Buffers.Budget = 48 * 1024);
        var pairs = new List<(Socket Near, Socket Far)>();
        for (var i = 0; i < 12; i++)
        {
            var pair = await fixture.ConnectAsync();
            pairs.Add(pair);
            var before = fixture.Ends.Count;
            var relay = fixture.Relays[i];
            await PushUntil(pair.Far, () => relay.Down.IsStalled || fixture.Ends.Count > before);
            Assert.That(fixture.Loop.Buffers.Held, Is.LessThanOrEqualTo(fixture.Loop.Buffers.Budget + 8192), "held");
        }

        Assert.That(fixture.Ends, Is.Not.Empty.And.All.EqualTo(RelayEnd.Memory));
        Assert.That(fixture.Ends, Has.Count.LessThan(pairs.Count), "who stalled last is still served");
        pairs.ForEach(pair =>
        {
            pair.Near.Dispose();
            pair.Far.Dispose();
        });
    }

    [Test]
    public async Task Relay_BothHalfClosedWithAFullSink_LoopSleeps()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            await PushUntil(far, () => fixture.Relays[0].Down.IsStalled);
            far.Shutdown(SocketShutdown.Send);
            near.Shutdown(SocketShutdown.Send);
            await Wait.UntilAsync(() => fixture.Relays[0].Up.Finished, "the near side's end");

            // What the last bytes moved settles; a loop that spins never does. Each look makes the loop turn once or twice itself.
            await Wait.UntilAsync(
                () =>
                {
                    var before = fixture.Loop.Turns;
                    for (var i = 0; i < 20; i++)
                    {
                        fixture.OnLoop(() => { });
                    }

                    return fixture.Loop.Turns - before <= 45;
                },
                "the loop to sleep");
        }
    }

    [Test]
    public async Task Relay_QuietForTheIdleLimit_Ends()
    {
        using var fixture = new RelayFixture(None with { Idle = 50 });
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            Assert.That(await ReceiveToEnd(near), Is.Empty);
            await fixture.EndedAsync();
            Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.Idle }));
        }
    }

    [Test]
    public async Task Relay_OneSideStaysOpenQuietly_EndsAfterTheHalfOpenLimit()
    {
        using var fixture = new RelayFixture(None with { HalfOpen = 50 });
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            near.Shutdown(SocketShutdown.Send);
            await fixture.EndedAsync();
            Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.HalfOpen }));
        }
    }

    [Test]
    public async Task Relay_LimitIsShortenedWhileItRuns_TakesEffect()
    {
        using var fixture = new RelayFixture(None with { Idle = 3_600_000 });
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            await Wait.UntilAsync(() => fixture.Relays.Count == 1, "the relay");
            await Send(near, [1]);
            await Receive(far, 1);
            fixture.Limits = None with { Total = 1 };
            fixture.OnLoop(() => fixture.Relays[0].ApplyLimits());
            await fixture.EndedAsync();
            Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.Total }));
        }
    }

    [Test]
    public async Task Relay_WhoseLegThrows_EndsAloneAndTheLoopGoesOn()
    {
        var leg = new FaultyLeg();
        using var fixture = new RelayFixture(up: leg);
        var (near, far) = await fixture.ConnectAsync();
        var (otherNear, otherFar) = await fixture.ConnectAsync();
        using (near)
        using (far)
        using (otherNear)
        using (otherFar)
        {
            leg.Throws = true;
            await Send(near, [1]);
            await fixture.EndedAsync();
            Assert.That(await ReceiveToEnd(far), Is.Empty);
            Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.Fault }));

            leg.Throws = false;
            await Send(otherNear, [2]);
            Assert.That(await Receive(otherFar, 1), Is.EqualTo(new byte[] { 2 }));
        }
    }

    internal static byte[] Random(int size, int seed)
    {
        var bytes = new byte[size];
        new SeededRandom(seed).Fill(bytes);
        return bytes;
    }

    internal static async Task Send(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        }
    }

    internal static async Task<byte[]> Receive(Socket socket, int size)
    {
        var bytes = new byte[size];
        for (var received = 0; received < size;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(received));
            Assert.That(count, Is.Positive, $"ended after {received} of {size} bytes");
            received += count;
        }

        return bytes;
    }

    internal static async Task<byte[]> ReceiveToEnd(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    /// <summary>Sends until the condition holds; the bytes that went.</summary>
    private static async Task<int> PushUntil(Socket socket, Func<bool> condition)
    {
        var chunk = new byte[64 * 1024];
        var pushed = 0;
        socket.Blocking = false;
        await Wait.UntilAsync(
            () =>
            {
                try
                {
                    pushed += socket.Send(chunk);
                }
                catch (SocketException)
                {
                    // Full for now, or ended: the condition tells.
                }

                return condition();
            },
            "the sender to be held back");
        return pushed;
    }

    private sealed class FaultyLeg : RelayLeg
    {
        public bool Throws { get; set; }

        public override int Transform(Span<byte> chunk) => Throws ? throw new InvalidOperationException("a bug") : chunk.Length;
    }
}
