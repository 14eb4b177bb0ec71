using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class JournalFormatterTests
{
    [TestCase(LogLevel.Debug, 7)]
    [TestCase(LogLevel.Information, 6)]
    [TestCase(LogLevel.Warning, 4)]
    [TestCase(LogLevel.Error, 3)]
    [TestCase(LogLevel.Critical, 2)]
    public void Write_OfAMessage_LeadsWithSyslogsLevelAndLeavesTheTimeToTheJournal(LogLevel level, int number) =>
        Assert.That(Write(level, "a client came"), Is.EqualTo($"<{number}>Sessions[3001]: a client came\n"));

    [Test]
    public void Write_OfSeveralLines_GivesEachTheLevel() =>
        Assert.That(
            Write(LogLevel.Error, "two problems:\n  one\n  two"),
            Is.EqualTo("<3>Sessions[3001]: two problems:\n<3>      one\n<3>      two\n"));

    [Test]
    public void Write_OfAFault_ShowsItBelowAtTheSameLevel() =>
        Assert.That(
            Write(LogLevel.Error, "it failed", new InvalidOperationException("why\nand how")),
            Is.EqualTo("<3>Sessions[3001]: it failed\n<3>    System.InvalidOperationException: why\n<3>    and how\n"));

    private static string Write(LogLevel level, string text, Exception? exception = null)
    {
        var output = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(level, "Telemt.Worker.Sessions.X", new EventId(3001), text, exception, (state, _) => state);
        new JournalFormatter().Write(entry, null, output);
        return output.ToString();
    }
}
