using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class LogCategoryTests
{
    [TestCase("telemt", "telemt")]
    [TestCase("Telemt", "Telemt")]
    [TestCase("sessions", "Telemt.Worker.sessions")]
    [TestCase(" Sessions ", "Telemt.Worker.Sessions")]
    [TestCase("telemt::sessions", "Telemt.Worker.sessions")]
    [TestCase("telemt.sessions", "Telemt.Worker.sessions")]
    [TestCase("telemt::dialing::socks", "Telemt.Worker.dialing.socks")]
    [TestCase("Telemt.Worker.Sessions", "Telemt.Worker.Sessions")]
    [TestCase("telemt.worker", "telemt.worker")]
    [TestCase("telemtry", "Telemt.Worker.telemtry")]
    [TestCase("Microsoft.Extensions", "Microsoft.Extensions")]
    [TestCase("Systemd", "Telemt.Worker.Systemd")]
    [TestCase("System.Net", "System.Net")]
    public void Resolve_OfAName_IsThePrefixOfItsCategories(string name, string category) =>
        Assert.That(LogCategory.Resolve(name), Is.EqualTo(category));
}
