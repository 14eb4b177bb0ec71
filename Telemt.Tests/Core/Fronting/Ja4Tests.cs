using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

internal sealed class Ja4Tests
{
    private static readonly ushort[] ChromeExtensions =
    [
        0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015,
    ];

    /// <summary>The worked example of FoxIO's description of JA4; it was not made by us.</summary>
    [Test]
    public void Of_TheDescriptionsChrome_IsAsDescribed() => Assert.That(Of(Chrome()), Is.EqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1"));

    [Test]
    public void Of_ExtensionsShuffled_IsTheSame()
    {
        var shuffled = Chrome();
        shuffled.Extensions.Reverse();
        Assert.That(Of(shuffled), Is.EqualTo(Of(Chrome())));
    }

    [Test]
    public void Of_SignaturesInAnotherOrder_IsAnother()
    {
        var other = Chrome();
        var at = other.Extensions.FindIndex(extension => extension.Type == Tls13.SignatureAlgorithms);
        other.Extensions[at] = (Tls13.SignatureAlgorithms, [0, 4, 8, 4, 4, 3]);
        Assert.That(Of(other), Does.StartWith("t13d1516h2_8daaf6152771_").And.Not.EqualTo(Of(Chrome())));
    }

    [TestCase("http/1.1", "h1")]
    [TestCase("h2", "h2")]
    [TestCase("x", "xx")]
    [TestCase("\u00ab2", "a2")]
    [TestCase("2\u00ab", "3b")]
    public void Of_AProtocol_IsItsFirstAndLastCharacter(string name, string expected)
    {
        byte[] bytes = [.. name.Select(c => (byte)c)];
        var hello = new TestHello { Extensions = [(Tls13.Alpn, [0, (byte)(bytes.Length + 1), (byte)bytes.Length, .. bytes])] };
        Assert.That(Of(hello)[8..10], Is.EqualTo(expected));
    }

    [Test]
    public void Of_HelloWithoutExtensions_TellsItsOwnVersionAndNoName() =>
        Assert.That(Of(new TestHello { Extensions = [], Suites = [0x13, 0x01] }), Does.StartWith("t12i010000_").And.EndsWith("_000000000000"));

    [Test]
    public void Of_MoreThanTwoDigitsCanSay_IsNinetyNine()
    {
        byte[] suites = [.. Enumerable.Range(0, 120).SelectMany(i => (byte[])[0xc0, (byte)i])];
        Assert.That(Of(new TestHello { Suites = suites }), Does.StartWith("t13d9905h2_"));
    }

    [Test]
    public void Names_OfOneOffer_IsMadeOnce()
    {
        var names = new Ja4Names();
        var padded = Chrome();
        padded.Extensions.RemoveAll(extension => extension.Type == Tls13.Padding);

        var first = Name(names, Chrome());

        Assert.That(Name(names, Chrome()), Is.SameAs(first));
        Assert.That(Name(names, padded), Does.StartWith("t13d1515h2_"), "padding is not in the print, but counted here");
    }

    [Test]
    public void Names_OfMoreOffersThanAreKept_AreStillRight()
    {
        var names = new Ja4Names();
        for (var i = 0; i < Ja4Names.Most + 100; i++)
        {
            var hello = new TestHello { Suites = [0x13, 0x01, (byte)(i >> 8), (byte)i] };
            Assert.That(Name(names, hello), Is.EqualTo(Of(hello)));
        }
    }

    private static TestHello Chrome() => new()
    {
        Suites =
        [
            .. TestHello.Grease, 0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9, 0xcc, 0xa8,
            0xc0, 0x13, 0xc0, 0x14, 0x00, 0x9c, 0x00, 0x9d, 0x00, 0x2f, 0x00, 0x35,
        ],
        Extensions =
        [
            (0x3a3a, []),
            .. ChromeExtensions.Select(type => (type, type switch
            {
                Tls13.ServerName => TestHello.ServerName("www.example.com"),
                Tls13.SupportedGroups => [0, 4, 0x3a, 0x3a, 0, 0x1d],
                Tls13.Alpn => [0, 12, 2, .. "h2"u8, 8, .. "http/1.1"u8],
                Tls13.KeyShare => TestHello.KeyShares((0x3a3a, 1), (0x001d, 32)),
                Tls13.SupportedVersions => [6, 0x3a, 0x3a, 3, 4, 3, 3],
                Tls13.SignatureAlgorithms => [0, 16, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1],
                _ => (byte[])[],
            })),
        ],
    };

    private static string Of(TestHello hello)
    {
        var record = hello.Build();
        Assert.That(ClientHello.TryParse(record, out var fields));
        return Ja4.Of(record, fields);
    }

    private static string Name(Ja4Names names, TestHello hello)
    {
        var record = hello.Build();
        Assert.That(ClientHello.TryParse(record, out var fields));
        return names.Of(record, fields, HelloPrint.Of(record, fields));
    }
}
