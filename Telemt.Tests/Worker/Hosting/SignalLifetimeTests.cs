using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Worker.Hosting;

namespace Telemt.Tests.Worker.Hosting;

internal sealed class SignalLifetimeTests
{
    private readonly FakeApplication _application = new();
    private SignalLifetime _lifetime = null!;
    private int _reloads;

    [SetUp]
    public void SetUp()
    {
        _application.Stops = 0;
        _reloads = 0;
        _lifetime = new SignalLifetime(_application, () => _reloads++, NullLogger<SignalLifetime>.Instance);
    }

    [TearDown]
    public void TearDown() => _lifetime.Dispose();

    [Test]
    public void Stop_TheFirstTime_StopsTheHostInPlaceOfTheProcess()
    {
        var first = new PosixSignalContext(PosixSignal.SIGTERM);

        _lifetime.Stop(first);

        Assert.That(_application.Stops, Is.EqualTo(1));
        Assert.That(first.Cancel, Is.True);
    }

    [Test]
    public void Stop_TheSecondTime_IsLeftToTheSystem()
    {
        var second = new PosixSignalContext(PosixSignal.SIGINT);

        _lifetime.Stop(new PosixSignalContext(PosixSignal.SIGTERM));
        _lifetime.Stop(second);

        Assert.That(_application.Stops, Is.EqualTo(1));
        Assert.That(second.Cancel, Is.False, "the process ends at once");
    }

    [Test]
    public void Reload_EachTime_AsksForIt()
    {
        var hangup = new PosixSignalContext(PosixSignal.SIGHUP);

        _lifetime.Reload(hangup);
        _lifetime.Reload(new PosixSignalContext(PosixSignal.SIGHUP));

        Assert.That(hangup.Cancel, Is.True);
        Assert.That(_reloads, Is.EqualTo(2));
        Assert.That(_application.Stops, Is.Zero);
    }

    private sealed class FakeApplication : IHostApplicationLifetime
    {
        public int Stops { get; set; }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stops++;
    }
}
