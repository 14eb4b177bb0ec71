using Telemt.Worker;

namespace Telemt.Tests.Worker;

internal sealed class SystemRandomSourceTests
{
    [Test]
    public void Fill_FromManyThreads_NeverGivesTheSameBytesTwice()
    {
        var source = new SystemRandomSource();
        var taken = new byte[8][][];
        Parallel.For(0, taken.Length, thread =>
        {
            taken[thread] = new byte[5000][];
            for (var i = 0; i < taken[thread].Length; i++)
            {
                taken[thread][i] = new byte[16];
                source.Fill(taken[thread][i]);
            }
        });
        var all = taken.SelectMany(bytes => bytes).Select(Convert.ToHexString).ToList();
        Assert.That(all.Distinct().Count(), Is.EqualTo(all.Count));
        Assert.That(all, Has.None.EqualTo(new string('0', 32)), "wiped bytes are not handed out");
    }

    [TestCase(1)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(10_000)]
    public void Fill_AnyLength_FillsAllOfIt(int length)
    {
        var source = new SystemRandomSource();
        var everNonZero = new byte[length];
        for (var i = 0; i < 40; i++)
        {
            var bytes = new byte[length];
            source.Fill(bytes);
            for (var at = 0; at < length; at++)
            {
                everNonZero[at] |= bytes[at];
            }
        }

        Assert.That(everNonZero, Has.None.EqualTo((byte)0));
    }
}
