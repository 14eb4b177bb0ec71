using Telemt.Worker.Systemd;

namespace Telemt.Tests.Worker.Systemd;

internal sealed class WatchdogIntervalTests
{
    [TestCase("30000000", null, 15.0)]
    [TestCase("30000000", "", 15.0)]
    [TestCase("30000000", "77", 15.0)]
    [TestCase("30000000", "78", null)]
    [TestCase("0", null, null)]
    [TestCase("-5", null, null)]
    [TestCase("soon", null, null)]
    [TestCase(null, "77", null)]
    public void Read_OfTheEnvironment_IsHalfOfWhatTheManagerWaits(string? microseconds, string? owner, double? seconds)
    {
        var half = WatchdogInterval.Read(name => name == "WATCHDOG_USEC" ? microseconds : owner, 77);

        Assert.That(half?.TotalSeconds, Is.EqualTo(seconds));
    }
}
