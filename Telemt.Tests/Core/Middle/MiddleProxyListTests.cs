using System.Net;
using System.Text.Json;
using Telemt.Core.Middle;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Middle;

internal sealed class MiddleProxyListTests
{
    public static IEnumerable<JsonElement> Samples() => Vectors.Load("proxy_config").GetProperty("samples").EnumerateArray();

    [TestCaseSource(nameof(Samples))]
    public void Parse_Recorded_SameEntries(JsonElement sample)
    {
        var list = Parse(sample.GetProperty("text").GetString()!);

        Assert.That(list.DefaultDc, Is.EqualTo(sample.GetProperty("default").GetInt32()));
        var expected = sample.GetProperty("entries").EnumerateArray()
            .Select(entry => (Dc: entry[0].GetInt16(), End: new IPEndPoint(IPAddress.Parse(entry[1].GetString()!), entry[2].GetInt32())))
            .ToLookup(entry => entry.Dc, entry => entry.End);
        Assert.That(list.Dcs, Is.EquivalentTo(expected.Select(group => group.Key)));
        foreach (var group in expected)
        {
            Assert.That(list.Find(group.Key, out _), Is.EqualTo(group));
        }
    }

    [TestCase((short)2, (short)2)]
    [TestCase((short)-2, (short)-2)]
    [TestCase((short)254, (short)-2)]
    [TestCase((short)-3, (short)2)]
    [TestCase((short)77, (short)2)]
    [TestCase((short)0, (short)2)]
    public void Find_SignIsKeptAndUnknownGoesToTheDefault(short dc, short cluster)
    {
        var list = Parse("default 2; proxy_for 2 192.0.2.1:80; proxy_for -2 192.0.2.2:80; proxy_for 3 192.0.2.3:80;");

        Assert.That(list.Find(dc, out var found), Has.Length.EqualTo(1));
        Assert.That(found, Is.EqualTo(cluster));
    }

    [Test]
    public void Find_NoDefault_Nothing() => Assert.That(Parse("proxy_for 2 192.0.2.1:80;").Find(3, out _), Is.Empty);

    [Test]
    public void Parse_AsTheOfficialServerDoes_LinesCommentsAndDefaults()
    {
        var list = Parse("# a\n\nproxy 192.0.2.9:443 ; # b\nproxy_for\n 4 192.0.2.4:1;proxy_for 4 192.0.2.5:2;\nmin_connections 4;\ntimeout 300;");

        Assert.That(list.Find(4, out _), Has.Length.EqualTo(2));
        Assert.That(list.Find(9, out var cluster).Single(), Is.EqualTo(IPEndPoint.Parse("192.0.2.9:443")));
        Assert.That(cluster, Is.Zero);
    }

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("default 2;")]
    [TestCase("<html><head><title>Log in</title></head></html>")]
    [TestCase("proxy_for 2 192.0.2.1:80")]
    [TestCase("proxy_for 2 192.0.2.1:0;")]
    [TestCase("proxy_for 2 192.0.2.1:65536;")]
    [TestCase("proxy_for 2 192.0.2.1;")]
    [TestCase("proxy_for 40000 192.0.2.1:80;")]
    [TestCase("proxy_for 2 host:80;")]
    [TestCase("proxy_for 2 192.0.2.1:80; <p>;")]
    [TestCase("proxy_for 2 192.0.2.1:80; proxy_for 3")]
    public void Parse_EmptyForeignOrCutOff_RefusedWithAReason(string text)
    {
        Assert.That(MiddleProxyList.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Is.Not.Empty);
    }

    [Test]
    public void Parse_Noise_NeverThrows()
    {
        const string Letters = "proxy_for default;:-0123456789.[]\n# ";
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 200)).Select(_ => Letters[random.Next(Letters.Length)]));
            Assert.That(() => MiddleProxyList.TryParse(text, out _, out _), Throws.Nothing);
        }
    }

    [Test]
    public void With_OtherFamily_StandsBehind()
    {
        var both = Parse("default 2; proxy_for 2 192.0.2.1:80;").With(Parse("proxy_for 2 [2001:db8::1]:80; proxy_for 3 [2001:db8::3]:80;"));

        Assert.That(both.Find(2, out _), Is.EqualTo(new[] { IPEndPoint.Parse("192.0.2.1:80"), IPEndPoint.Parse("[2001:db8::1]:80") }));
        Assert.That(both.Find(3, out _), Has.Length.EqualTo(1));
        Assert.That(both.DefaultDc, Is.EqualTo(2));
    }

    private static MiddleProxyList Parse(string text)
    {
        Assert.That(MiddleProxyList.TryParse(text, out var list, out var error), Is.True, error);
        return list!;
    }
}
