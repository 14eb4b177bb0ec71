using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Telemt.Core.Wire;
using Telemt.Tests.Worker.Hosting;
using Telemt.Worker;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Tests.EndToEnd;

/// <summary>No descriptor is left: a process of its own, whose limit is lowered under its feet.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class DescriptorTests
{
    private const int Spare = 12;
    private const int Hangup = 1;

    private FakeTelegram _telegram = null!;
    private RunningTelemt _telemt = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _telegram = ProxyFixture.NewTelegram();
        var dc = $"dc_overrides.2 = \"{_telegram.EndPoint}\"\n";
        _telemt = new RunningTelemt(dc);
        _telemt.ReceiveUntil("READY=1");
        await ServeAsync(default);
        LeaveSpare();

        // An edit of anything makes the proxy look at its limits.
        _telemt.Write(dc + "client_keepalive = 61\n");
        _telemt.Signal(Hangup);
        _telemt.ReceiveUntil("RELOADING=1");
        _telemt.ReceiveUntil("READY=1");
        _telemt.ReceiveUntil("WATCHDOG=1");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _telemt.Dispose();
        await _telegram.DisposeAsync();
    }

    [Test]
    public async Task Strangers_WhoTakeThemAll_MakeRoomForAClient(CancellationToken cancellation)
    {
        var strangers = new List<Socket>();
        for (var i = 0; i < 100; i++)
        {
            strangers.Add(await KnockAsync(cancellation));
        }

        try
        {
            await ServeAsync(cancellation);
        }
        catch (SocketException)
        {
            // In the squeeze itself, on a loaded machine, one may be turned away: it comes again, as phones do.
            await ServeAsync(cancellation);
        }

        AssertRests();
        strangers.ForEach(stranger => stranger.Dispose());
        await ServeAsync(cancellation);
    }

    [Test]
    public async Task Clients_WhoTakeThemAll_AreServedOnAndTheOthersCostNothing(CancellationToken cancellation)
    {
        var clients = new List<ClientConnection>();
        Assert.That(
            async () =>
            {
                while (clients.Count < Spare)
                {
                    clients.Add(await EchoingAsync(cancellation));
                }
            },
            Throws.Exception,
            "each takes two");

        // Files are read in between, and the service manager is told things: that takes one.
        Assert.That(clients, Has.Count.InRange((Spare / 2) - 1, Spare / 2));

        var waiting = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            waiting.Add(await KnockAsync(cancellation));
        }

        AssertRests();
        Assert.That(_telemt.ReceiveUntil("WATCHDOG=1"), Is.Not.Empty, "the manager is told so");
        foreach (var client in clients)
        {
            await client.EchoMoreAsync(cancellation: cancellation);
            client.Dispose();
        }

        await ServeAsync(cancellation);
        waiting.ForEach(socket => socket.Dispose());
    }

    private async Task ServeAsync(CancellationToken cancellation)
    {
        using var client = await EchoingAsync(cancellation);
    }

    private async Task<ClientConnection> EchoingAsync(CancellationToken cancellation)
    {
        var secret = ClientSecret.Tls(new Secret(Convert.FromHexString("00112233445566778899aabbccddeeff")), "petrovich.ru");
        var client = await ClientConnection.ConnectAsync(
            new IPEndPoint(IPAddress.Loopback, _telemt.Port),
            secret,
            ProtocolTag.PaddedIntermediate,
            2,
            new SystemRandomSource(),
            TimeProvider.System,
            cancellation: cancellation);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoAsync(Traffic.Short, cancellation: cancellation);
        return client;
    }

    private async Task<Socket> KnockAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _telemt.Port, cancellation);
        return socket;
    }

    /// <summary>Lowers the limit so that so many descriptors are left for sockets.</summary>
    private unsafe void LeaveSpare()
    {
        var open = Directory.GetFileSystemEntries($"/proc/{_telemt.Id}/fd").Select(path => int.Parse(Path.GetFileName(path))).ToHashSet();
        var limit = SessionLimits.KeptFree;
        for (var (at, free) = (0, 0); free < Spare; at++, limit++)
        {
            free += open.Contains(at) ? 0 : 1;
        }

        var soft = new Libc.ResourceLimit { Soft = (ulong)limit, Hard = 1_000_000 };
        Libc.ResourceLimit before;
        Assert.That(Limit(_telemt.Id, Libc.RlimitNoFile, null, &before), Is.Zero);
        soft.Hard = before.Hard;
        Assert.That(Limit(_telemt.Id, Libc.RlimitNoFile, &soft, null), Is.Zero);
    }

    /// <summary>A loop that turned without end would use the whole of a core that it gets.</summary>
    private void AssertRests()
    {
        using var process = Process.GetProcessById(_telemt.Id);
        var before = process.TotalProcessorTime;
        Thread.Sleep(1000);
        process.Refresh();
        Assert.That(process.TotalProcessorTime - before, Is.LessThan(TimeSpan.FromMilliseconds(500)));
    }

    [DllImport("libc", EntryPoint = "prlimit")]
    private static extern unsafe int Limit(int process, int resource, Libc.ResourceLimit* next, Libc.ResourceLimit* previous);
}
