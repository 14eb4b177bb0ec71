using Telemt.Tests.Fakes;
using Telemt.Worker.Systemd.Notify;

namespace Telemt.Tests.Worker.Systemd;

internal sealed class SystemdNotifierTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Notify_ToASocket_ArrivesAsOneDatagram(bool isAbstract)
    {
        using var manager = new NotifySocket(isAbstract);
        var notifier = new SystemdNotifier(manager.Address);

        notifier.Notify(ServiceState.Ready);
        notifier.Notify(new ServiceState("STATUS=fine\nMAINPID=1"));

        Assert.That(notifier.IsEnabled, Is.True);
        Assert.That(manager.Receive(), Is.EqualTo("READY=1"));
        Assert.That(manager.Receive(), Is.EqualTo("STATUS=fine\nMAINPID=1"));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Notify_WithoutAManager_DoesNothing(string? path)
    {
        var notifier = new SystemdNotifier(path);

        Assert.That(notifier.IsEnabled, Is.False);
        Assert.That(() => notifier.Notify(ServiceState.Ready), Throws.Nothing);
    }

    [Test]
    public void Notify_WhenTheManagerIsGone_DoesNotThrow()
    {
        var notifier = new SystemdNotifier(Path.Combine(Path.GetTempPath(), "telemt-no-such-socket"));

        Assert.That(() => notifier.Notify(ServiceState.Stopping), Throws.Nothing);
    }
}
