using System.Collections.Frozen;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

internal sealed class FlightProfileTests
{
    private static readonly FlightProfile Plain = Of(new HostAnswer
    {
        Suite = Tls13.Aes128GcmSha256,
        Group = Tls13.X25519,
        Extensions = HostAnswer.VersionsFirst,
        Sizes = new FlightSizes(3_000),
    });

    [Test]
    public void Typical_ManyProcesses_DifferInLengthAndEachKeepsItsOwn()
    {
        var shortest = new HashSet<int>();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var profile = FlightProfile.Typical(random);
            var sizes = profile.Typically.Sizes;
            shortest.Add(sizes.Shortest);
            for (var i = 0; i < 20; i++)
            {
                Assert.That(sizes.Choose(random), Is.InRange(sizes.Shortest, sizes.Shortest + 2).And.InRange(2500, 4200));
            }
        }

        Assert.That(shortest, Has.Count.GreaterThan(150));
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
        var profile = Plain with { Suites = [.. preferred.Chunk(4).Select(hex => Convert.ToUInt16(new string(hex), 16))] };
        Assert.That(profile.ChooseSuite(hello, record), Is.EqualTo(chosen));
    }

    [Test]
    public void Answer_OfferTheHostWasAskedWith_IsTheHosts()
    {
        var record = new TestHello().Build();
        var known = Plain.Typically with { Suite = Tls13.ChaCha20Poly1305Sha256, Extensions = HostAnswer.KeyFirst, Sizes = new FlightSizes(77) };
        var shape = Answer(Knowing(record, known), record)!.Value;
        Assert.That((shape.Suite, shape.Group, shape.Flight), Is.EqualTo((Tls13.ChaCha20Poly1305Sha256, Tls13.X25519, 77)));
        Assert.That(shape.Extensions, Is.EqualTo(HostAnswer.KeyFirst));
    }

    [Test]
    public void Answer_OfferThatTheHostRefuses_IsNone()
    {
        var record = new TestHello().Build();
        Assert.That(Answer(Knowing(record, Plain.Typically with { Refuses = true }), record), Is.Null);
        Assert.That(Answer(Plain, record), Is.Not.Null);
    }

    [Test]
    public void Answer_ClientWithoutAKeyThatWeCanAnswer_IsNone()
    {
        var record = Sharing((0x0017, 65));
        Assert.That(Answer(Plain, record), Is.Null);
    }

    [Test]
    public void Answer_SuiteOfSha384_TakesALongerFinished()
    {
        var record = new TestHello { Suites = [0x13, 0x02] }.Build();
        Assert.That(Answer(Plain, record)!.Value.Flight, Is.EqualTo(3_016));
    }

    [TestCase(KeyShareChoice.Auto, true, ExpectedResult = 0x11ec)]
    [TestCase(KeyShareChoice.Auto, false, ExpectedResult = 0x001d)]
    [TestCase(KeyShareChoice.X25519, true, ExpectedResult = 0x001d)]
    [TestCase(KeyShareChoice.X25519MlKem768, false, ExpectedResult = 0x11ec)]
    public int Answer_Group_IsTheHostsUnlessTheOperatorSaysElse(KeyShareChoice choice, bool host) =>
        Answer(Plain with { ChoosesMlKem = host }, new TestHello().Build(), choice)!.Value.Group;

    [Test]
    public void Answer_ClientWithoutAnMlKemKey_IsX25519() =>
        Assert.That(Answer(Plain with { ChoosesMlKem = true }, Sharing((0x001d, 32)))!.Value.Group, Is.EqualTo(Tls13.X25519));

    [TestCase(0, ExpectedResult = 0x11ec)]
    [TestCase(1_460, ExpectedResult = 0x11ec)]
    [TestCase(1_214, ExpectedResult = 0x11ec)]
    [TestCase(1_215, ExpectedResult = 0x001d)]
    [TestCase(1_220, ExpectedResult = 0x001d, Description = "IPv6's least MTU")]
    [TestCase(1_225, ExpectedResult = 0x001d)]
    [TestCase(1_226, ExpectedResult = 0x11ec)]
    [TestCase(610, ExpectedResult = 0x001d, Description = "the second border")]
    [TestCase(536, ExpectedResult = 0x11ec)]
    public int Answer_SegmentThatEndsBehindALongHello_IsX25519(int segment) =>
        Answer(Plain with { ChoosesMlKem = true }, new TestHello().Build(), path: new Path(segment))!.Value.Group;

    [Test]
    public void ChooseDelay_Drawn_IsTheHostsOnAverage()
    {
        var profile = Plain with { Delays = [1_300, 1_300, 2_900, 9_000_000] };
        var random = new SeededRandom(5);
        var drawn = Enumerable.Range(0, 40_000).Select(_ => profile.ChooseDelay(random)).ToList();

        // The loop's time of the hello is half a millisecond too early on average.
        Assert.That(drawn.Where(delay => delay < 10).Average() - 0.5, Is.EqualTo(1.83).Within(0.03));
        Assert.That(drawn.Max(), Is.EqualTo(501), "a bad moment of the host's is cut short");
        Assert.That(Plain.ChooseDelay(random), Is.Zero);
    }

    private static FlightProfile Of(HostAnswer answer) => new() { Typically = answer };

    private static byte[] Sharing(params (ushort Group, int Size)[] keys)
    {
        var hello = new TestHello();
        hello.Extensions.RemoveAll(extension => extension.Type == 0x0033);
        hello.Extensions.Add((0x0033, TestHello.KeyShares(keys)));
        return hello.Build();
    }

    private static FlightProfile Knowing(byte[] record, HostAnswer answer)
    {
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        return Plain with { Offers = new Dictionary<ulong, HostAnswer> { [HelloPrint.Of(record, hello)] = answer }.ToFrozenDictionary() };
    }

    private static FlightShape? Answer(
        FlightProfile profile, byte[] record, KeyShareChoice choice = KeyShareChoice.Auto, IClientPath? path = null)
    {
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        return profile.Answer(hello, record, HelloPrint.Of(record, hello), choice, path, new SeededRandom(1));
    }

    private sealed record Path(int SegmentSize) : IClientPath;
}
