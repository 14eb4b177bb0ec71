using System.Security.Cryptography;
using Telemt.Core;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>A bug in one session's code ends that session, and nothing else.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class FaultTests
{
    /// <summary>Fake TLS draws on randomness for the ServerHello, the others on the way to the DC.</summary>
    [Test]
    public async Task Session_WhoseCodeThrows_EndsAloneAndLeavesNothing(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        var random = new FaultyRandom();
        await using var proxy = await ProxyFixture.StartAsync(loops: 1, random: random);
        proxy.FaultsAreMeant = true;
        using var running = await proxy.EchoingAsync(form, cancellation: cancellation);
        var before = KernelSockets.Open;

        random.FailsNext = true;
        Assert.That(await proxy.ServesAsync(form, cancellation: cancellation), Is.False);

        await proxy.EndedAsync(SessionEnd.Fault);
        Assert.That(random.FailsNext, Is.False, "it was met");
        Assert.That(proxy.Log.Of(3006).Single(), Does.Contain(nameof(FaultyRandom)), "the log says where");
        await Wait.UntilAsync(() => KernelSockets.Open <= before, "its sockets");
        await running.EchoMoreAsync(cancellation: cancellation);
        Assert.That(await proxy.ServesAsync(form, cancellation: cancellation));
    }

    private sealed class FaultyRandom : IRandomSource
    {
        private int _failsNext;

        public bool FailsNext
        {
            get => Volatile.Read(ref _failsNext) != 0;
            set => Volatile.Write(ref _failsNext, value ? 1 : 0);
        }

        public void Fill(Span<byte> destination)
        {
            if (Interlocked.Exchange(ref _failsNext, 0) != 0)
            {
                throw new InvalidOperationException("no randomness left");
            }

            RandomNumberGenerator.Fill(destination);
        }
    }
}
