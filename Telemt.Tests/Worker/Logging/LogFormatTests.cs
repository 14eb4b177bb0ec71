using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class LogFormatTests
{
    [TestCase("auto", true, "systemd")]
    [TestCase("auto", false, "simple")]
    [TestCase("systemd", false, "systemd")]
    [TestCase("plain", true, "simple")]
    [TestCase("json", true, "json")]
    public void Formatter_OfAFormat_IsThePlatforms(string format, bool journal, string formatter) =>
        Assert.That(LogFormat.Formatter(format, journal), Is.EqualTo(formatter));

    [TestCase("9:4711", "socket:[4711]", true)]
    [TestCase("9:4711", "socket:[4712]", false)]
    [TestCase("9:4711", "/dev/pts/0", false)]
    [TestCase("9:4711", null, false)]
    [TestCase(null, "socket:[4711]", false)]
    [TestCase("", "socket:[]", false)]
    [TestCase("9:", "socket:[]", false)]
    public void IsJournal_OnlyWhenStandardErrorIsItsSocket(string? stream, string? standardError, bool expected) =>
        Assert.That(LogFormat.IsJournal(stream, standardError), Is.EqualTo(expected));
}
