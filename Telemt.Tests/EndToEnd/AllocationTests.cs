using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Transport;

namespace Telemt.Tests.EndToEnd;

/// <summary>Bytes that pass leave nothing for the collector.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class AllocationTests
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>For the two questions themselves.</summary>
    private const long Allowed = 512;

    [Test]
    public async Task Relay_OfADownload_AllocatesNothing(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, [Values] bool fastMode, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["fast_mode"] = fastMode ? "true" : "false");
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);
        await client.AskAsync(FakeMode.Source, 1000L * Megabyte, cancellation);
        var buffer = new byte[Megabyte];

        Assert.That(await LeastAsync(proxy, () => ReadAsync(32)), Is.LessThan(Allowed), "bytes of managed memory on the loops");

        async Task ReadAsync(int megabytes)
        {
            for (var left = (long)megabytes * Megabyte; left > 0;)
            {
                left -= await client.Socket.ReceiveAsync(buffer, cancellation);
            }
        }
    }

    [Test]
    public async Task Relay_OfAnUpload_AllocatesNothing(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, [Values] bool fastMode, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["fast_mode"] = fastMode ? "true" : "false");
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);
        await client.AskAsync(FakeMode.Sink, cancellation: cancellation);
        var pushed = 0L;

        Assert.That(await LeastAsync(proxy, PushAsync), Is.LessThan(Allowed), "bytes of managed memory on the loops");

        async Task PushAsync()
        {
            await client.PushAsync(16 * Megabyte, cancellation: cancellation);
            pushed += 16 * Megabyte;
            await PassedAsync(proxy, pushed);
        }
    }

    /// <summary>What the loops allocate while something is done for the second to fourth time: the first may find tables too small.</summary>
    private static async Task<long> LeastAsync(ProxyFixture proxy, Func<Task> act)
    {
        await act();
        var least = long.MaxValue;
        for (var turn = 0; turn < 3; turn++)
        {
            var before = await AllocatedAsync(proxy);
            await act();
            least = Math.Min(least, await AllocatedAsync(proxy) - before);
        }

        return least;
    }

    private static Task PassedAsync(ProxyFixture proxy, long bytes) =>
        Wait.UntilAsync(() => proxy.Sessions.PerLoop.Sum(loop => loop.TotalBytes().Up) >= bytes, "all of it to pass");

    /// <summary>By all loops' threads since they began.</summary>
    private static async Task<long> AllocatedAsync(ProxyFixture proxy)
    {
        var sum = 0L;
        foreach (var loop in proxy.Loops)
        {
            sum += await AllocatedAsync(loop);
        }

        return sum;
    }

    private static Task<long> AllocatedAsync(EventLoop loop)
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => answer.SetResult(GC.GetAllocatedBytesForCurrentThread()), null);
        return answer.Task;
    }
}
