using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Tests.Fakes;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class PlainFormatterTests
{
    [TestCase("Telemt.Worker.Sessions.ConnectionHandler", "Sessions")]
    [TestCase("Telemt.Worker.Program", "Program")]
    [TestCase("Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting")]
    public void Write_OfAMessage_NamesTimeLevelRoomAndEvent(string category, string room) =>
        Assert.That(Write(category, "a client came"), Does.Match($@"^\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d warn  {room}\[3001\]: a client came\n$"));

    [Test]
    public void Write_OfSeveralLines_KeepsThem() =>
        Assert.That(Write("Telemt.Worker.Sessions.X", "two problems:\n  one\n  two"), Does.EndWith("two problems:\n      one\n      two\n"));

    [Test]
    public void Write_OfAFault_ShowsItBelow() =>
        Assert.That(
            Write("Telemt.Worker.Sessions.X", "it failed", new InvalidOperationException("why")),
            Does.EndWith("it failed\n    System.InvalidOperationException: why\n"));

    private static string Write(string category, string text, Exception? exception = null)
    {
        var output = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(LogLevel.Warning, category, new EventId(3001), text, exception, (state, _) => state);
        new PlainFormatter(new ManualTimeProvider()).Write(entry, null, output);
        return output.ToString();
    }
}
