using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

public sealed class FlightProfileTests
{
    [Test]
    public void Typical_ManyProcesses_DifferInLengthAndEachKeepsItsOwn()
    {
        var shortest = new HashSet<int>();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var profile = FlightProfile.Typical(random);
            shortest.Add(profile.ShortestFlight);
            for (var i = 0; i < 20; i++)
            {
                var flight = profile.ChooseFlight(random);
                Assert.That(flight, Is.InRange(profile.ShortestFlight, profile.ShortestFlight + 2).And.InRange(2500, 4200));
            }
        }

        Assert.That(shortest, Has.Count.GreaterThan(150));
    }

    [Test]
    public void ChooseFlight_HostWithALongChain_StaysWithinWhatIosTakes()
    {
        var profile = new FlightProfile { ShortestFlight = 13_000, LongestFlight = 13_000 };
        Assert.That(profile.ChooseFlight(new SeededRandom(1)) + TlsRecord.HeaderSize, Is.EqualTo(10_240));
    }

    [Test]
    public void ChooseFlight_Range_IsUsedToBothEnds()
    {
        var profile = new FlightProfile { ShortestFlight = 100, LongestFlight = 102 };
        var random = new SeededRandom(1);
        var seen = Enumerable.Range(0, 100).Select(_ => profile.ChooseFlight(random)).Distinct().Order();
        Assert.That(seen, Is.EqualTo((int[])[100, 101, 102]));
    }

    [TestCase("3a3a13021301", "", 0x1302, TestName = "ChooseSuite(the client's first)")]
    [TestCase("3a3a13021301", "1301", 0x1301, TestName = "ChooseSuite(the host's first)")]
    [TestCase("3a3a13021301", "1303", 0x1302, TestName = "ChooseSuite(the host's first is not offered)")]
    [TestCase("3a3a13021301", "c02b1301", 0x1301, TestName = "ChooseSuite(the host's first is of TLS 1.2)")]
    [TestCase("3a3ac02b", "1301", 0, TestName = "ChooseSuite(nothing of TLS 1.3)")]
    [TestCase("3a3a", "3a3a", 0, TestName = "ChooseSuite(GREASE)")]
    [TestCase("13041305", "", 0, TestName = "ChooseSuite(CCM)")]
    public void ChooseSuite_Offer_IsAnsweredFromIt(string offered, string preferred, int chosen)
    {
        var record = new TestHello { Suites = Convert.FromHexString(offered) }.Build();
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        var profile = new FlightProfile
        {
            ShortestFlight = 1,
            LongestFlight = 1,
            Suites = [.. preferred.Chunk(4).Select(hex => Convert.ToUInt16(new string(hex), 16))],
        };
        Assert.That(profile.ChooseSuite(hello, record), Is.EqualTo(chosen));
    }

    [Test]
    public void RecordSizer_Bulk_FillsRecords()
        => Assert.That(((int[])[1, 16_384, 16_385, 1 << 20]).Select(RecordSizer.Bulk.Next), Is.EqualTo((int[])[1, 16_384, 16_384, 16_384]));
}
