using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration;
using Telemt.Worker.Systemd;
using Telemt.Worker.Systemd.Notify;

namespace Telemt.Tests.Worker.Systemd;

internal sealed class SystemdStatusServiceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeProxy _proxy = new();
    private NotifySocket _manager = null!;
    private SystemdStatusService _service = null!;

    [SetUp]
    public void SetUp()
    {
        _manager = new NotifySocket();
        _proxy.Turns = true;
        _proxy.Counts = default;
        _service = Create(TimeSpan.FromSeconds(15));
    }

    [TearDown]
    public void TearDown()
    {
        _service.Dispose();
        _manager.Dispose();
    }

    [Test]
    public async Task Start_BeforeEveryPartHasStarted_SaysNothing()
    {
        await _service.StartingAsync(CancellationToken.None);
        await _service.StartAsync(CancellationToken.None);
        _service.Reloading();
        _service.Reloaded(ReloadOutcome.Applied);

        Assert.That(_manager.HasMessage, Is.False);
    }

    [Test]
    public async Task Run_FromStartToStop_SaysReadyThenStatusThenStopping()
    {
        // The real clock: its timer feeds the first beat at once, and no other comes within this test.
        using var service = Create(TimeSpan.FromSeconds(15), TimeProvider.System);
        _proxy.Counts = new ProxyCounts(12, 3, 1);

        await service.StartedAsync(CancellationToken.None);
        Assert.That(_manager.Receive(), Is.EqualTo("READY=1"));
        Assert.That(_manager.Receive(), Is.EqualTo("STATUS=12 sessions, 3 handshakes, 1 masked"));
        Assert.That(_manager.Receive(), Is.EqualTo("WATCHDOG=1"));

        await service.StoppingAsync(CancellationToken.None);
        Assert.That(_manager.Receive(), Is.EqualTo("STOPPING=1"));

        service.Reloaded(ReloadOutcome.Applied);
        await service.StopAsync(CancellationToken.None);
        Assert.That(_manager.HasMessage, Is.False, "nothing takes the stop back");
    }

    [Test]
    public async Task Reload_WhileServing_IsFramedByReloadingAndReady()
    {
        using var service = Create(null, TimeProvider.System);
        await service.StartedAsync(CancellationToken.None);
        _manager.Receive();
        _manager.Receive();

        var before = Microseconds();
        service.Reloading();
        service.Reloaded(ReloadOutcome.Applied);

        var lines = _manager.Receive().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Is.EqualTo("RELOADING=1"));
        Assert.That(lines[1], Does.StartWith("MONOTONIC_USEC="));
        Assert.That(long.Parse(lines[1]["MONOTONIC_USEC=".Length..]), Is.InRange(before, Microseconds()));
        Assert.That(_manager.Receive(), Is.EqualTo("READY=1"));
        await service.StopAsync(CancellationToken.None);
    }

    [Test]
    public void Beat_WithUnchangedCounts_SaysThemOnce()
    {
        using var service = Create(null);

        service.Beat();
        service.Beat();
        Assert.That(_manager.Receive(), Is.EqualTo("STATUS=0 sessions, 0 handshakes, 0 masked"));
        Assert.That(_manager.HasMessage, Is.False);

        _proxy.Counts = new ProxyCounts(1, 0, 0);
        service.Beat();
        Assert.That(_manager.Receive(), Is.EqualTo("STATUS=1 sessions, 0 handshakes, 0 masked"));
    }

    [Test]
    public void Beat_AfterARefusedEdit_SaysSoUntilItIsMended()
    {
        using var service = Create(null);

        service.Reloaded(ReloadOutcome.Refused);
        service.Beat();
        Assert.That(_manager.Receive(), Does.StartWith("STATUS=0 sessions").And.Contain("has errors"));

        service.Reloaded(ReloadOutcome.Unchanged);
        service.Beat();
        Assert.That(_manager.Receive(), Is.EqualTo("STATUS=0 sessions, 0 handshakes, 0 masked"));
    }

    [Test]
    public void Beat_WhileALoopStands_DoesNotFeedTheWatchdog()
    {
        _service.Beat();
        _manager.Receive();
        Assert.That(_manager.Receive(), Is.EqualTo("WATCHDOG=1"));

        _proxy.Turns = false;
        _service.Beat();
        Assert.That(_manager.HasMessage, Is.False);

        _proxy.Turns = true;
        _service.Beat();
        Assert.That(_manager.Receive(), Is.EqualTo("WATCHDOG=1"));
    }

    private static long Microseconds() => TimeProvider.System.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;

    private SystemdStatusService Create(TimeSpan? watchdog, TimeProvider? clock = null) =>
        new(new SystemdNotifier(_manager.Address), _proxy, _proxy, clock ?? _clock, watchdog);

    private sealed class FakeProxy : IProxyStatus, ILoopPulse
    {
        public ProxyCounts Counts { get; set; }

        public bool Turns { get; set; }

        public bool EveryLoopTurns() => Turns;
    }
}
