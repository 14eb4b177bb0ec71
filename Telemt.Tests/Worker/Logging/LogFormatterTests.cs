using Telemt.Core.Settings;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class LogFormatterTests
{
    [TestCase(LogFormat.Auto, true, "journal")]
    [TestCase(LogFormat.Auto, false, "plain")]
    [TestCase(LogFormat.Systemd, false, "journal")]
    [TestCase(LogFormat.Plain, true, "plain")]
    [TestCase(LogFormat.Json, true, "json")]
    public void Name_OfAFormat_IsItsFormatters(LogFormat format, bool journal, string formatter) =>
        Assert.That(LogFormatter.Name(format, journal), Is.EqualTo(formatter));

    [TestCase("9:4711", "socket:[4711]", true)]
    [TestCase("9:4711", "socket:[4712]", false)]
    [TestCase("9:4711", "/dev/pts/0", false)]
    [TestCase("9:4711", null, false)]
    [TestCase(null, "socket:[4711]", false)]
    [TestCase("", "socket:[]", false)]
    [TestCase("9:", "socket:[]", false)]
    public void IsJournal_OnlyWhenStandardErrorIsItsSocket(string? stream, string? standardError, bool expected) =>
        Assert.That(LogFormatter.IsJournal(stream, standardError), Is.EqualTo(expected));
}
