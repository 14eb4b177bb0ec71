using Telemt.Bench.Load.Targets;

namespace Telemt.Tests.Bench;

internal sealed class ProcTextTests
{
    private const string Listener =
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0000000000000000 100 0 0 10 0";

    [Test]
    public void TryKilobytes_OfTheNamedLine_IsItsNumber()
    {
        Assert.That(ProcText.TryKilobytes("Rss:               31044 kB", "Rss:", out var kilobytes), Is.True);
        Assert.That(kilobytes, Is.EqualTo(31_044));
    }

    [TestCase("Pss:               31044 kB")]
    [TestCase("Rss:")]
    [TestCase("")]
    public void TryKilobytes_OfAnotherLine_IsNothing(string line) =>
        Assert.That(ProcText.TryKilobytes(line, "Rss:", out _), Is.False);

    [Test]
    public void BusySeconds_LeavesOutIdleWaitingAndGuests() =>
        Assert.That(ProcText.BusySeconds("cpu  100 20 300 9000 8000 5 60 15 700 800"), Is.EqualTo(5));

    [Test]
    public void IsListener_OfThatPort_IsTrue() => Assert.That(ProcText.IsListener(Listener, 8080), Is.True);

    [TestCase(80)]
    [TestCase(0)]
    public void IsListener_OfAnotherPort_IsFalse(int port) => Assert.That(ProcText.IsListener(Listener, port), Is.False);

    [Test]
    public void IsListener_OfAConnection_IsFalse() =>
        Assert.That(ProcText.IsListener(Listener.Replace(" 0A ", " 01 ", StringComparison.Ordinal), 8080), Is.False);
}
