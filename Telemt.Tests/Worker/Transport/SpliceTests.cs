using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Relay;
using Telemt.Tests.Fakes;
using Telemt.Worker.Transport;
using static Telemt.Tests.Worker.Transport.RelayTests;

namespace Telemt.Tests.Worker.Transport;

/// <summary>Bulk through pipes: what arrives, what is held meanwhile, and what becomes of the pipes.</summary>
[CancelAfter(60_000)]
internal sealed class SpliceTests
{
    private const int Bulk = 24 * 1024 * 1024;

    [Test]
    public async Task Relay_OfBulkThatPassesUnchanged_GoesThroughPipesThatComeBack()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            var pipes = await StreamAsync(fixture, far, near, 1);
            Assert.That(pipes, Is.Positive, "pipes");
            await AllPipesAreBackAsync(fixture);

            // The other way, and small messages after bulk.
            await StreamAsync(fixture, near, far, 2);
            await Send(far, [1, 2, 3]);
            Assert.That(await Receive(near, 3), Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(fixture.Relays[0].Down.Bytes, Is.EqualTo(Bulk + 3));
            await AllPipesAreBackAsync(fixture);
        }
    }

    [Test]
    public async Task Relay_WhoseLegLooksAtTheBytes_UsesNoPipe()
    {
        using var fixture = new RelayFixture(up: new LookingLeg(), down: new LookingLeg());
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            Assert.That(await StreamAsync(fixture, far, near, 1), Is.Zero);
        }
    }

    [Test]
    public async Task Relay_WithoutLargePipes_Copies()
    {
        using var fixture = new RelayFixture();
        fixture.OnLoop(() => fixture.Loop.Pipes.WantedSize = int.MaxValue);
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            Assert.That(await StreamAsync(fixture, far, near, 1), Is.Zero);
        }
    }

    [Test]
    public async Task Relay_SinkFullOfBulk_HoldsAPipeAtMostAndSleeps()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        using (near)
        using (far)
        {
            var (sender, read) = await StallAsync(fixture, near, far);
            fixture.OnLoop(() => Assert.That(fixture.Relays[0].Down.IsStalled));
            Assert.That(fixture.Loop.Buffers.Held, Is.LessThanOrEqualTo(PipePool.PipeSize));

            Assert.That(Hash([.. read, .. await ReceiveToEnd(near)]), Is.EqualTo(Hash(Random(Bulk, 7))), "half-closed with bytes in the pipe");
            await sender;
            near.Shutdown(SocketShutdown.Send);
        }

        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.FarFinished }));
        Assert.That(fixture.Loop.Buffers.Held, Is.Zero);
        await AllPipesAreBackAsync(fixture);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Relay_ResetWithBytesInThePipe_EndsAndKeepsNone(bool nearResets)
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        var (sender, _) = await StallAsync(fixture, near, far);

        var resetting = nearResets ? near : far;
        resetting.LingerState = new LingerOption(true, 0);
        resetting.Close();

        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { nearResets ? RelayEnd.NearReset : RelayEnd.FarReset }));
        Assert.That(fixture.Loop.Buffers.Held, Is.Zero);
        await AllPipesAreBackAsync(fixture);
        near.Dispose();
        far.Dispose();
        Assert.That(async () => await sender, Throws.InstanceOf<Exception>());
    }

    [Test]
    public async Task Relay_BudgetIsSpentByPipes_LongestStalledEndsForMemory()
    {
        using var fixture = new RelayFixture();
        var (near, far) = await fixture.ConnectAsync();
        var (sender, _) = await StallAsync(fixture, near, far);
        fixture.OnLoop(() => fixture.Loop.Buffers.Budget = 1);

        var (otherNear, otherFar) = await fixture.ConnectAsync();
        await Send(otherFar, [1]);

        Assert.That(await Receive(otherNear, 1), Is.EqualTo(new byte[] { 1 }), "who holds nothing is served");
        await fixture.EndedAsync();
        Assert.That(fixture.Ends, Is.EqualTo(new[] { RelayEnd.Memory }));
        Assert.That(fixture.Loop.Buffers.Held, Is.Zero);
        foreach (var socket in (Socket[])[near, far, otherNear, otherFar])
        {
            socket.Dispose();
        }

        Assert.That(async () => await sender, Throws.InstanceOf<Exception>());
    }

    [Test]
    public void Pool_HasNoMorePipesThanItsShareOfTheDescriptors()
    {
        using var fixture = new RelayFixture();
        fixture.OnLoop(() =>
        {
            fixture.Loop.DescriptorCeiling = 1024;
            var pipes = new List<LoopPipe>();
            while (fixture.Loop.Pipes.Rent() is { } pipe)
            {
                pipes.Add(pipe);
            }

            Assert.That(pipes, Has.Count.EqualTo(16));
            pipes.ForEach(fixture.Loop.Pipes.Return);
            Assert.That(fixture.Loop.Pipes.FreeCount, Is.EqualTo(16));
            Assert.That(fixture.Loop.Pipes.Trim(), Is.True);
            Assert.That(fixture.Loop.Pipes.Count, Is.Zero);
            Assert.That(fixture.Loop.Pipes.Trim(), Is.False);
        });
    }

    /// <summary>Sends bulk through the relay and checks what arrives; the most pipes that existed meanwhile.</summary>
    private static async Task<int> StreamAsync(RelayFixture fixture, Socket from, Socket to, int seed)
    {
        var bytes = Random(Bulk, seed);
        var sending = Task.Run(() => Send(from, bytes));
        var received = await Receive(to, bytes.Length);
        await sending;
        Assert.That(Hash(received), Is.EqualTo(Hash(bytes)));
        return fixture.Loop.Pipes.Count;
    }

    /// <summary>Far pushes bulk and then its end; near reads until it goes by pipes, then stops until one holds what it does not take.</summary>
    /// <returns>The sender's task, and what near has read.</returns>
    private static async Task<(Task Sender, byte[] Read)> StallAsync(RelayFixture fixture, Socket near, Socket far)
    {
        var sender = Task.Run(async () =>
        {
            await Send(far, Random(Bulk, 7));
            far.Shutdown(SocketShutdown.Send);
        });
        var read = new byte[Bulk];
        var length = 0;
        while (fixture.Loop.Pipes.Count == 0)
        {
            length += await near.ReceiveAsync(read.AsMemory(length));
            Assert.That(length, Is.LessThan(Bulk), "no pipe was ever used");
        }

        await Wait.UntilAsync(() => fixture.Relays[0].Down.IsStalled, "a stalled pipe");
        return (sender, read[..length]);
    }

    private static Task AllPipesAreBackAsync(RelayFixture fixture) =>
        Wait.UntilAsync(() => fixture.Loop.Pipes.FreeCount == fixture.Loop.Pipes.Count, "the pipes to come back");

    private static byte[] Hash(byte[] bytes) => SHA256.HashData(bytes);

    private sealed class LookingLeg : RelayLeg
    {
        public override int Transform(Span<byte> chunk) => chunk.Length;
    }
}
