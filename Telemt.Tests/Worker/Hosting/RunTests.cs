using System.Net;
using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Cli;

namespace Telemt.Tests.Worker.Hosting;

/// <summary>The program as a process: readiness, signals, exit codes.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
internal sealed class RunTests
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [TestCase(Terminate)]
    [TestCase(Interrupt)]
    public async Task Run_FromReadyToASignal_ListensAndEndsWell(int signal)
    {
        using var telemt = new RunningTelemt();

        Assert.That(telemt.ReceiveUntil("READY=1"), Has.Count.EqualTo(1), "nothing is said before");
        using (var client = new TcpClient())
        {
            Assert.That(async () => await client.ConnectAsync(IPAddress.Loopback, telemt.Port), Throws.Nothing);
        }

        Assert.That(telemt.ReceiveUntil("WATCHDOG=1"), Has.Some.StartsWith("STATUS="));

        telemt.Signal(signal);
        telemt.ReceiveUntil("STOPPING=1");
        var (code, output, error) = await telemt.EndAsync();

        Assert.That(code, Is.EqualTo(ExitCode.Good), error);
        Assert.That(output, Does.Contain($"tg://proxy?server=8.8.4.4&port={telemt.Port}&secret=ee"));
        Assert.That(error, Does.Not.Contain("00112233445566778899aabbccddeeff"), "the log holds no secret");
    }

    [Test]
    public async Task Stop_WithASession_WaitsForItsEnd()
    {
        using var session = new OneSession();
        using var telemt = new RunningTelemt(session.Configuration);
        telemt.ReceiveUntil("READY=1");
        await session.OpenAsync(telemt.Port);

        telemt.Signal(Terminate);
        telemt.ReceiveUntil("STOPPING=1");
        await Wait.UntilAsync(() => IsRefused(telemt.Port), "the listener to close");
        await session.PassAsync();
        session.Close();

        Assert.That((await telemt.EndAsync()).Code, Is.EqualTo(ExitCode.Good));
    }

    [Test]
    public async Task Stop_WithASessionThatStays_EndsWithTheDrain()
    {
        using var session = new OneSession();
        using var telemt = new RunningTelemt(session.Configuration + "[timeouts]\ndrain = 1\n");
        telemt.ReceiveUntil("READY=1");
        await session.OpenAsync(telemt.Port);

        telemt.Signal(Terminate);

        Assert.That((await telemt.EndAsync()).Code, Is.EqualTo(ExitCode.Good));
        Assert.That(await session.IsEndedAsync(), Is.True);
    }

    [Test]
    public async Task Stop_Twice_EndsAtOnce()
    {
        using var session = new OneSession();
        using var telemt = new RunningTelemt(session.Configuration + "[timeouts]\ndrain = 3600\n");
        telemt.ReceiveUntil("READY=1");
        await session.OpenAsync(telemt.Port);

        telemt.Signal(Terminate);
        telemt.ReceiveUntil("STOPPING=1");
        telemt.Signal(Terminate);

        Assert.That((await telemt.EndAsync()).Code, Is.EqualTo(128 + Terminate));
    }

    [Test]
    public async Task Run_AtSighup_ReadsTheFileAgain()
    {
        using var telemt = new RunningTelemt();
        telemt.ReceiveUntil("READY=1");

        telemt.Write("fast_mode = false\n");
        telemt.Signal(Hangup);
        telemt.ReceiveUntil("RELOADING=1\nMONOTONIC_USEC=");
        telemt.ReceiveUntil("READY=1");

        telemt.Signal(Terminate);
        var (code, _, error) = await telemt.EndAsync();
        Assert.That(code, Is.EqualTo(ExitCode.Good));
        Assert.That(error, Does.Contain("fast_mode"));
    }

    [Test]
    public async Task Run_OnAPortInUse_NamesTheCure()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        using var telemt = new RunningTelemt(port: ((IPEndPoint)other.LocalEndPoint!).Port);

        var (code, _, error) = await telemt.EndAsync();

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(error, Does.StartWith("error: cannot listen on 127.0.0.1:").And.Contain("choose another port"));
        Assert.That(error, Does.Not.Contain("   at "), "a stack trace helps nobody here");
    }

    [Test]
    public async Task Run_OfABadFile_IsRefused()
    {
        using var telemt = new RunningTelemt("port = 1\n");

        var (code, _, error) = await telemt.EndAsync();

        Assert.That(code, Is.EqualTo(ExitCode.Refused));
        Assert.That(error, Does.StartWith("error: " + telemt.File));
        Assert.That(telemt.Manager.HasMessage, Is.False);
    }

    private static bool IsRefused(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
