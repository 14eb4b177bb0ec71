using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Tests.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Status;

internal sealed class ProxyLinkTests
{
    private const string Key = "00112233445566778899aabbccddeeff";

    public static IEnumerable<JsonElement> Recorded() => Vectors.Load("secrets_links").GetProperty("links").EnumerateArray();

    [TestCaseSource(nameof(Recorded))]
    public void TryParse_RecordedLink_SameServerPortAndSecret(JsonElement vector)
    {
        var secret = SecretTextTests.Parse(vector.GetProperty("secret").GetString()!);
        var expected = new ProxyLink(vector.GetProperty("server").GetString()!, vector.GetProperty("port").GetInt32(), secret);

        Assert.That(Parse(vector.GetProperty("tg").GetString()!), Is.EqualTo(expected));
        Assert.That(Parse(vector.GetProperty("https").GetString()!), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Recorded))]
    public void ToTgAndHttps_RecordedLinkInHex_SameText(JsonElement vector)
    {
        var text = vector.GetProperty("secret").GetString()!;
        var secret = SecretTextTests.Parse(text);
        var link = new ProxyLink(vector.GetProperty("server").GetString()!, vector.GetProperty("port").GetInt32(), secret);

        Assert.That(link.ToTg(), Is.EqualTo(vector.GetProperty("tg").GetString()!.Replace(text, SecretText.ToHex(secret))));
        Assert.That(link.ToHttps(), Is.EqualTo(vector.GetProperty("https").GetString()!.Replace(text, SecretText.ToHex(secret))));
    }

    [TestCase("tg:proxy?secret=" + Key + "&port=443&server=example.org")]
    [TestCase("TG://PROXY?port=443&server=example.org&secret=" + Key)]
    [TestCase("http://telegram.me/proxy?server=example.org&port=443&secret=" + Key)]
    [TestCase("https://www.t.me/proxy/?server=example.org&port=443&secret=" + Key)]
    [TestCase(" t.me/proxy?server=example.org&port=443&secret=" + Key + " ")]
    [TestCase("https://telegram.dog/proxy?server=example.org&port=443&secret=" + Key + "#x")]
    [TestCase("tg://proxy?server=example%2Eorg&port=4%343&secret=%30" + "0112233445566778899aabbccddeeff&channel=x")]
    [TestCase("tg://proxy?server=example.org&port=443&secret=ABEiM0RVZneImaq7zN3u/w==")]
    [TestCase("tg://proxy?server=example.org&server=other.org&port=443&secret=" + Key)]
    public void TryParse_OtherForms_Understood(string text) =>
        Assert.That(Parse(text), Is.EqualTo(new ProxyLink("example.org", 443, SecretTextTests.Parse(Key))));

    [TestCase("tg://proxy?server=[2001:db8::1]&port=443&secret=" + Key)]
    [TestCase("tg://proxy?server=2001:db8::1&port=443&secret=" + Key)]
    public void TryParse_Ipv6_WithoutBrackets(string text) => Assert.That(Parse(text).Server, Is.EqualTo("2001:db8::1"));

    [Test]
    public void TryParse_StandardBase64WithPlus_PlusIsNoSpace()
    {
        var link = Parse("tg://proxy?server=a.b&port=1&secret=++++++++++++++++++++Aw==");

        Assert.That(SecretText.ToBytes(link.Secret)[0], Is.EqualTo(0xfb));
    }

    [TestCase("", "link")]
    [TestCase("tg://proxy", "link")]
    [TestCase("tg://socks?server=a&port=1", "link")]
    [TestCase("https://example.org/proxy?server=a&port=1&secret=" + Key, "link")]
    [TestCase("ftp://t.me/proxy?server=a&port=1&secret=" + Key, "link")]
    [TestCase("tg://proxy?port=443&secret=" + Key, "server=")]
    [TestCase("tg://proxy?server=a%20b&port=443&secret=" + Key, "server=")]
    [TestCase("tg://proxy?server=http://a&port=443&secret=" + Key, "server=")]
    [TestCase("tg://proxy?server=a&secret=" + Key, "port=")]
    [TestCase("tg://proxy?server=a&port=0&secret=" + Key, "port=")]
    [TestCase("tg://proxy?server=a&port=65536&secret=" + Key, "port=")]
    [TestCase("tg://proxy?server=a&port=%20443&secret=" + Key, "port=")]
    [TestCase("tg://proxy?server=a&port=-443&secret=" + Key, "port=")]
    [TestCase("tg://proxy?server=a&port=443", "secret=")]
    [TestCase("tg://proxy?server=a&port=443&secret=00112233", "secret=")]
    public void TryParse_Broken_NamesTheParameter(string text, string named)
    {
        Assert.That(ProxyLink.TryParse(text, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(named).And.Not.Contain("0011"));
    }

    [Test]
    public void TryParse_AnyLinkOfOurs_GivesItBack()
    {
        var links = Arb.From(
            from secret in SecretTextTests.AnySecret.Generator
            from port in Gen.Choose(1, 65535)
            from server in Gen.Elements("example.org", "203.0.113.5", "2001:db8::1", "xn--e1afmkfd.xn--p1ai", "a_b-c.d")
            select new ProxyLink(server, port, secret));

        Prop.ForAll(links, link => Parse(link.ToTg()) == link && Parse(link.ToHttps()) == link).QuickCheckThrowOnFailure();
    }

    [Test]
    public void TryParse_MutatedLinks_NeverThrow()
    {
        var random = new Random(4);
        var seed = "https://t.me/proxy?server=2001%3Adb8%3A%3A1&port=443&secret=7gARIjNEVWZ3iJmqu8zd7v93d3cuZXhhbXBsZS5jb20";
        for (var i = 0; i < 20_000; i++)
        {
            var text = seed.ToCharArray();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, random.Next(2) == 0 ? 128 : 0x10000);
            }

            if (ProxyLink.TryParse(new string(text, 0, random.Next(text.Length + 1)), out var link, out _))
            {
                Assert.That(Parse(link.ToTg()), Is.EqualTo(link));
            }
        }
    }

    [Test]
    public void ToString_OfLink_HidesTheSecret() =>
        Assert.That(Parse("tg://proxy?server=a&port=1&secret=" + Key).ToString(), Does.Not.Contain("0011"));

    private static ProxyLink Parse(string text)
    {
        Assert.That(ProxyLink.TryParse(text, out var link, out var problem), Is.True, problem);
        return link!;
    }
}
