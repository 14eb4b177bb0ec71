using Microsoft.Extensions.Logging;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class RustLogTests
{
    [Test]
    public void Parse_OfALevel_IsForEverything() =>
        Assert.That(RustLog.Parse("debug"), Is.EqualTo(new[] { new LogRule(null, LogLevel.Debug) }));

    [Test]
    public void Parse_OfTargetsAndALevel_KeepsTheirOrder() =>
        Assert.That(
            RustLog.Parse("telemt=trace, telemt::sessions=WARN ,info"),
            Is.EqualTo(new[]
            {
                new LogRule("telemt", LogLevel.Trace),
                new LogRule("Telemt.Worker.sessions", LogLevel.Warning),
                new LogRule(null, LogLevel.Information),
            }));

    [Test]
    public void Parse_OfATargetAlone_IsAllOfIt() =>
        Assert.That(RustLog.Parse("telemt"), Is.EqualTo(new[] { new LogRule("telemt", LogLevel.Trace) }));

    [Test]
    public void Parse_OfOff_SilencesAll() =>
        Assert.That(RustLog.Parse("off"), Is.EqualTo(new[] { new LogRule(null, LogLevel.None) }));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" , ,")]
    [TestCase("telemt=loud")]
    [TestCase("=debug")]
    [TestCase("telemt=")]
    public void Parse_OfWhatItCannotRead_LeavesItOut(string? text) => Assert.That(RustLog.Parse(text), Is.Empty);
}
