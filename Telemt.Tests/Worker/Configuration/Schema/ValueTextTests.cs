using System.Net;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration.Schema;

[TestFixture]
internal sealed class ValueTextTests
{
    [TestCase("0", 0)]
    [TestCase("90", 90)]
    [TestCase("90s", 90)]
    [TestCase(" 5m ", 300)]
    [TestCase("1h", 3600)]
    [TestCase("6h", 21600)]
    [TestCase("2d", 172800)]
    [TestCase("1h30m", 5400)]
    [TestCase("1h 30m 5s", 5405)]
    [TestCase("250ms", 0.25)]
    public void Duration_OfAnyForm_IsRead(string text, double seconds)
        => Assert.That(DurationText.TryParse(text, out var value) ? value.TotalSeconds : -1, Is.EqualTo(seconds));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("s")]
    [TestCase("-5s")]
    [TestCase("5 weeks")]
    [TestCase("1.5h")]
    [TestCase("5m30")]
    [TestCase("5M")]
    [TestCase("99999999999999999999s")]
    [TestCase("10001d")]
    [TestCase("0x5s")]
    public void Duration_ThatIsNone_IsRefused(string text)
        => Assert.That(DurationText.TryParse(text, out _), Is.False);

    [TestCase("90s", ExpectedResult = "1m30s")]
    [TestCase("1h", ExpectedResult = "1h")]
    [TestCase("2d250ms", ExpectedResult = "2d250ms")]
    [TestCase("0", ExpectedResult = "0")]
    public string Duration_Written_IsShortest(string text)
        => DurationText.TryParse(text, out var value) ? DurationText.Format(value) : "none";

    [TestCase("0", 0)]
    [TestCase("1500", 1500)]
    [TestCase("1500B", 1500)]
    [TestCase("64KB", 64_000)]
    [TestCase("64 kb", 64_000)]
    [TestCase("64K", 64_000)]
    [TestCase("64KiB", 65_536)]
    [TestCase("1.5GB", 1_500_000_000)]
    [TestCase("4MiB", 4_194_304)]
    [TestCase("2TiB", 2_199_023_255_552)]
    public void Size_OfAnyForm_IsRead(string text, long bytes)
        => Assert.That(SizeText.TryParse(text, out var value) ? value : -1, Is.EqualTo(bytes));

    [TestCase("")]
    [TestCase("KB")]
    [TestCase("-1KB")]
    [TestCase("1.2.3KB")]
    [TestCase("1.0001KB")]
    [TestCase("1KBit")]
    [TestCase("1Kib/s")]
    [TestCase("1XB")]
    [TestCase("10000000000TB")]
    [TestCase("79228162514264337593543950335")]
    [TestCase("1e3")]
    public void Size_ThatIsNone_IsRefused(string text)
        => Assert.That(SizeText.TryParse(text, out _), Is.False);

    [TestCase("10MB/s", 10_000_000)]
    [TestCase("512KiB/s ", 524_288)]
    [TestCase("5000", 5000)]
    [TestCase("1MB", 1_000_000)]
    public void Rate_OfAnyForm_IsRead(string text, long rate)
        => Assert.That(SizeText.TryParseRate(text, out var value) ? value : -1, Is.EqualTo(rate));

    [TestCase(0, ExpectedResult = "0")]
    [TestCase(1234, ExpectedResult = "1234")]
    [TestCase(4_194_304, ExpectedResult = "4MiB")]
    [TestCase(64_000, ExpectedResult = "64KB")]
    [TestCase(10_000_000_000, ExpectedResult = "10GB")]
    public string Size_Written_IsShortest(long value) => SizeText.Format(value);

    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("2001:DB8::1", "2001:db8::1")]
    [TestCase("[2001:db8::1]", "2001:db8::1")]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1")]
    [TestCase("1.2", null)]
    [TestCase("16909060", null)]
    [TestCase("1.2.3", null)]
    [TestCase("[1.2.3.4]", null)]
    [TestCase("1.2.3.4.5", null)]
    [TestCase("1.2.3.256", null)]
    [TestCase("[::1", null)]
    [TestCase("", null)]
    public void Address_OfOneOfTheUsualForms_IsRead(string text, string? expected)
        => Assert.That(HostText.TryAddress(text, out var address) ? address.ToString() : null, Is.EqualTo(expected));

    [TestCase("example.com", "example.com")]
    [TestCase("EXAMPLE.com.", "example.com")]
    [TestCase("bücher.example", "xn--bcher-kva.example")]
    [TestCase("localhost", "localhost")]
    [TestCase("_acme.example", "_acme.example")]
    [TestCase("a..b", null)]
    [TestCase(".a", null)]
    [TestCase("-a.example", null)]
    [TestCase("a b.example", null)]
    [TestCase("192.0.2.1", null)]
    [TestCase("1.2.3.4.5", null)]
    [TestCase("", null)]
    [TestCase(".", null)]
    public void HostName_InWireForm_IsRead(string text, string? expected)
        => Assert.That(HostText.TryName(text, out var name) ? name : null, Is.EqualTo(expected));

    [TestCase("192.0.2.1:443", "192.0.2.1:443")]
    [TestCase("[2001:db8::1]:443", "[2001:db8::1]:443")]
    [TestCase("Name.example:1", "name.example:1")]
    [TestCase("2001:db8::1:443", null)]
    [TestCase("name.example", null)]
    [TestCase("name.example:0", null)]
    [TestCase("name.example:65536", null)]
    [TestCase("name.example:+1", null)]
    [TestCase(":443", null)]
    public void EndPoint_WithHostAndPort_IsRead(string text, string? expected)
        => Assert.That(HostText.TryEndPoint(text, out var endPoint) ? HostText.Format(endPoint) : null, Is.EqualTo(expected));

    [TestCase("tsl_domain", ExpectedResult = "tls_domain")]
    [TestCase("MASK", ExpectedResult = "mask")]
    [TestCase("mask-host", ExpectedResult = "mask_host")]
    [TestCase("prot", ExpectedResult = "port")]
    [TestCase("qqqqq", ExpectedResult = null)]
    public string? Nearest_OfAMistypedName_IsFound(string written) => Nearest.Of(written, ["port", "mask", "mask_host", "tls_domain"]);

    [Test]
    public void Host_WithPort_BracketsIpv6()
        => Assert.That(HostText.WithPort(IPAddress.IPv6Any, 443) + " " + HostText.WithPort(IPAddress.Any, 443), Is.EqualTo("[::]:443 0.0.0.0:443"));
}
