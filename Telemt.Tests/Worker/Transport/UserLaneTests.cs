using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Transport;

[CancelAfter(60_000)]
internal sealed class UserLaneTests
{
    private const long NoRate = 0;

    [Test]
    public async Task Rate_OfTheUser_HoldsHisStreamsInLineAndNobodyElse(CancellationToken cancellation)
    {
        using var fixture = new RelayFixture { UserOf = static number => number < 3 ? "slow" : "quick" };
        var slow = fixture.Shares.Of("slow", rate: 1000, fixture.Loop.Nanoseconds);
        var pairs = await ConnectAsync(fixture, 4);
        foreach (var (_, far) in pairs)
        {
            await far.SendAsync(new byte[60_000], cancellation);
        }

        Assert.That(await ReceiveAsync(pairs[3].Near, 60_000, cancellation), Is.EqualTo(60_000), "the other user");
        await Wait.UntilAsync(() => slow.Down.On(0).HeldNow == 3, "all three to be held");
        Assert.That(slow.Down.On(0).Moved, Is.LessThan(10_000), "a portion, and what the credit allows");

        slow.Own.Set(NoRate, fixture.Loop.Nanoseconds);
        Recheck(fixture);
        foreach (var (near, _) in pairs.Take(3))
        {
            Assert.That(await ReceiveAsync(near, 60_000, cancellation), Is.EqualTo(60_000));
        }

        Assert.That(slow.Down.On(0).HeldNow, Is.Zero);
        Close(pairs);
    }

    [Test]
    public async Task Rate_OfOneDirection_LeavesTheOther(CancellationToken cancellation)
    {
        using var fixture = new RelayFixture();
        var user = fixture.Shares.Of("user", rate: null, 0);
        user.Own.Up.Change(1000, fixture.Loop.Nanoseconds);
        var pairs = await ConnectAsync(fixture, 1);
        var (near, far) = pairs[0];
        await near.SendAsync(new byte[60_000], cancellation);
        await Wait.UntilAsync(() => user.Up.On(0).HeldNow == 1, "the upload to be held");
        await far.SendAsync(new byte[60_000], cancellation);
        Assert.That(await ReceiveAsync(near, 60_000, cancellation), Is.EqualTo(60_000));
        Close(pairs);
    }

    [Test]
    public async Task HeldStream_WhoseRelayEnds_LeavesTheLine(CancellationToken cancellation)
    {
        using var fixture = new RelayFixture();
        var user = fixture.Shares.Of("user", rate: 1000, 0);
        var pairs = await ConnectAsync(fixture, 2);
        foreach (var (_, far) in pairs)
        {
            await far.SendAsync(new byte[60_000], cancellation);
        }

        await Wait.UntilAsync(() => user.Down.On(0).HeldNow == 2, "both to be held");
        pairs[0].Near.LingerState = new LingerOption(true, 0);
        pairs[0].Near.Close();
        await fixture.EndedAsync();
        await Wait.UntilAsync(() => user.Down.On(0).HeldNow == 1, "one to be held");

        user.Own.Set(NoRate, fixture.Loop.Nanoseconds);
        Recheck(fixture);
        Assert.That(await ReceiveAsync(pairs[1].Near, 60_000, cancellation), Is.EqualTo(60_000));
        pairs[1].Near.Close();
        pairs[1].Far.Close();
        await fixture.EndedAsync(2);
        Assert.That(fixture.Lanes.Count, Is.Zero, "the lane goes with its last relay");
        Close(pairs);
    }

    [Test]
    public async Task HostRate_BesideBulk_LetsTheLightUserPass(CancellationToken cancellation)
    {
        using var fixture = new RelayFixture { UserOf = static number => number == 0 ? "bulk" : "light" };
        fixture.Shares.Down.Rate.Change(200_000, 0);
        var (bulk, light) = (fixture.Shares.Of("bulk", null, 0), fixture.Shares.Of("light", null, 0));
        var pairs = await ConnectAsync(fixture, 2);
        await pairs[0].Far.SendAsync(new byte[150_000], cancellation);
        await Wait.UntilAsync(() => bulk.Down.On(0).Holds > 0, "the host's rate to hold the bulk");

        await pairs[1].Far.SendAsync(new byte[100], cancellation);
        Assert.That(await ReceiveAsync(pairs[1].Near, 100, cancellation), Is.EqualTo(100));
        Assert.That(light.Down.On(0).Holds, Is.Zero, "in credit");
        Assert.That(await ReceiveAsync(pairs[0].Near, 150_000, cancellation), Is.EqualTo(150_000), "held, not lost");
        Close(pairs);
    }

    [Test]
    public async Task FullSink_IsCountedWhileItIsFull(CancellationToken cancellation)
    {
        using var fixture = new RelayFixture();
        var flow = fixture.Shares.Of("user", null, 0).Down.On(0);
        var pairs = await ConnectAsync(fixture, 1);
        var sending = pairs[0].Far.SendAsync(new byte[64 * 1024 * 1024], cancellation);
        await Wait.UntilAsync(() => flow.FullNow == 1, "the client's socket to be full");
        Assert.That(await ReceiveAsync(pairs[0].Near, 64 * 1024 * 1024, cancellation), Is.EqualTo(64 * 1024 * 1024));
        await sending;
        await Wait.UntilAsync(() => flow.FullNow == 0, "it to be empty");
        Assert.That(flow.Moved, Is.EqualTo(64 * 1024 * 1024));
        Close(pairs);
    }

    /// <summary>A hundred streams of one user, each with less than a turn's worth, against one stream of another.</summary>
    [Test]
    public void Turns_OfOneLoop_AreDividedByUsers()
    {
        using var fixture = new RelayFixture();
        var order = new List<string>();
        fixture.OnLoop(() =>
        {
            var (many, one) = (fixture.Lanes.Of("many", null, null), fixture.Lanes.Of("one", null, null));
            for (var i = 0; i < 5; i++)
            {
                many.Queue(new Step(order, "many"));
            }

            one.Queue(new Step(order, "one"));
            one.Queue(new Step(order, "one"));
        });
        fixture.OnLoop(() => { });
        fixture.OnLoop(() => { });
        fixture.OnLoop(() => { });
        Assert.That(order.Take(4), Is.EqualTo(new[] { "many", "one", "many", "one" }));
    }

    [Test]
    public void Turn_UsedUp_IsOverForAllStreamsOfTheUser()
    {
        using var fixture = new RelayFixture();
        fixture.OnLoop(() =>
        {
            var (lane, other) = (fixture.Lanes.Of("user", null, null), fixture.Lanes.Of("other", null, null));
            Assert.That(lane.HasTurn);
            lane.Up.Took(UserLane.TurnBytes / 2);
            Assert.That(lane.HasTurn);
            lane.Down.Took(UserLane.TurnBytes / 2);
            Assert.That(lane.HasTurn, Is.False);
            Assert.That(other.HasTurn);
        });
        fixture.OnLoop(() => Assert.That(fixture.Lanes.Of("user", null, null).HasTurn, "the next turn of the loop"));
    }

    private static async Task<(Socket Near, Socket Far)[]> ConnectAsync(RelayFixture fixture, int count)
    {
        var pairs = new (Socket, Socket)[count];
        for (var i = 0; i < count; i++)
        {
            pairs[i] = await fixture.ConnectAsync();
        }

        return pairs;
    }

    private static async Task<int> ReceiveAsync(Socket socket, int length, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var received = 0;
        while (received < length && await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            received += count;
        }

        return received;
    }

    private static void Recheck(RelayFixture fixture) =>
        fixture.OnLoop(() => fixture.Lanes.Apply(Samples.Settings().Users));

    private static void Close((Socket Near, Socket Far)[] pairs)
    {
        foreach (var (near, far) in pairs)
        {
            near.Dispose();
            far.Dispose();
        }
    }

    private sealed class Step(List<string> order, string name) : ILoopWork
    {
        public void Run() => order.Add(name);
    }
}
