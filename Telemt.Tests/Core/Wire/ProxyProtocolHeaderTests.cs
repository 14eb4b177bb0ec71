using System.Net;
using System.Text;
using System.Text.Json;
using Telemt.Core;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Wire;

internal sealed class ProxyProtocolHeaderTests
{
    private static readonly byte[] Rest = "REST-OF-STREAM"u8.ToArray();

    internal static IEnumerable<TestCaseData> Recorded() => Vectors.Load("proxy_protocol").GetProperty("vectors").EnumerateArray()
        .Select(vector => new TestCaseData(vector).SetName($"Scan({vector.GetProperty("name").GetString()})"));

    [TestCaseSource(nameof(Recorded))]
    public void Scan_RecordedHeader_SaysWhoConnected(JsonElement vector)
    {
        var bytes = vector.Hex("header");
        var expected = vector.GetProperty("mtprotoproxy");
        var header = ProxyProtocolHeader.Scan([.. bytes, .. Rest]);
        if (expected.ValueKind == JsonValueKind.String)
        {
            Assert.That(header.Status, Is.EqualTo(ProxyProtocolStatus.Malformed));
            return;
        }

        // The peer of the recorded connections: who is named when the header names nobody.
        var source = header.Source ?? From("198.51.100.1:4000");
        Assert.Multiple(() =>
        {
            Assert.That(header.Status, Is.EqualTo(ProxyProtocolStatus.Complete));
            Assert.That(header.Length, Is.EqualTo(bytes.Length), "nothing behind the header");
            Assert.That(source.ToIPAddress().ToString(), Is.EqualTo(expected[0].GetString()));
            Assert.That(source.Port, Is.EqualTo(expected[1].GetInt32()));
        });
    }

    [TestCaseSource(nameof(Recorded))]
    public void Scan_EveryPrefix_IsNeverJudgedOtherwiseThanTheWhole(JsonElement vector)
    {
        byte[] bytes = [.. vector.Hex("header"), .. Rest];
        var whole = ProxyProtocolHeader.Scan(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = ProxyProtocolHeader.Scan(bytes.AsSpan(0, length));
            var expected = whole.Status switch
            {
                ProxyProtocolStatus.Complete => length < whole.Length ? ProxyProtocolStatus.NeedMore : ProxyProtocolStatus.Complete,
                _ => part.Status == ProxyProtocolStatus.NeedMore ? ProxyProtocolStatus.NeedMore : ProxyProtocolStatus.Malformed,
            };
            Assert.That(part.Status, Is.EqualTo(expected), $"{length} bytes");
        }
    }

    [TestCase("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", Description = "no CR")]
    [TestCase("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 5.6.7.8 1 -2\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 5.6.7.8 1 02\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n")]
    [TestCase("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n")]
    [TestCase("PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n")]
    [TestCase("PROXY TCP4 ::1 ::2 1 2\r\n")]
    [TestCase("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n")]
    [TestCase("PROXY TCP6 fe80::1%1 ::2 1 2\r\n")]
    [TestCase("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n")]
    [TestCase("PROXY UNKNOWNS\r\n")]
    [TestCase("PROXY\r\n")]
    [TestCase("PROXY \r\n")]
    [TestCase("proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n")]
    [TestCase("POST / HTTP/1.1\r\n")]
    public void Scan_LineThatIsNoHeader_IsRefused(string line)
        => Assert.That(ProxyProtocolHeader.Scan(Encoding.ASCII.GetBytes(line)).Status, Is.EqualTo(ProxyProtocolStatus.Malformed));

    [Test]
    public void Scan_LineWithoutAnEnd_IsRefusedAtItsMost()
    {
        var line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 200));
        Assert.Multiple(() =>
        {
            Assert.That(ProxyProtocolHeader.Scan(line.AsSpan(0, 106)).Status, Is.EqualTo(ProxyProtocolStatus.NeedMore));
            Assert.That(ProxyProtocolHeader.Scan(line.AsSpan(0, 107)).Status, Is.EqualTo(ProxyProtocolStatus.Malformed));
            line[105] = (byte)'\r';
            line[106] = (byte)'\n';
            Assert.That(ProxyProtocolHeader.Scan(line).Length, Is.EqualTo(107));
        });
    }

    [TestCase("2111ffff", Description = "more than we take")]
    [TestCase("2111000b", Description = "shorter than its addresses")]
    [TestCase("21210023")]
    [TestCase("2211000c", Description = "a command of later")]
    [TestCase("1111000c", Description = "version 1 in the form of 2")]
    [TestCase("2141000c", Description = "a family of later")]
    [TestCase("2113000c", Description = "a transport of later")]
    public void Scan_BinaryThatIsNoHeader_IsRefused(string rest)
        => Assert.That(
            ProxyProtocolHeader.Scan([.. Convert.FromHexString("0d0a0d0a000d0a515549540a" + rest), .. new byte[64]]).Status,
            Is.EqualTo(ProxyProtocolStatus.Malformed));

    /// <summary>Datagrams and unix sockets name nobody whom we could count.</summary>
    [TestCase("2131", 216)]
    [TestCase("2112", 12)]
    [TestCase("2100", 30)]
    [TestCase("2011", 4)]
    public void Scan_BinaryWithoutAnAddressOfOurs_NamesNobody(string command, int length)
    {
        byte[] bytes = [.. Convert.FromHexString("0d0a0d0a000d0a515549540a" + command), 0, (byte)length, .. new byte[length]];
        var header = ProxyProtocolHeader.Scan(bytes);
        Assert.That((header.Status, header.Length, header.Source), Is.EqualTo((ProxyProtocolStatus.Complete, bytes.Length, (ClientAddress?)null)));
    }

    [Test]
    public void Scan_RandomBytesAndMutations_NeverThrowsNorReadsTooFar([Values(1, 2, 3, 4)] int seed)
    {
        var random = new Random(seed);
        var headers = Vectors.Load("proxy_protocol").GetProperty("vectors").EnumerateArray().Select(vector => vector.Hex("header")).ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            byte[] bytes = [.. headers[random.Next(headers.Length)], .. Rest];
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var header = ProxyProtocolHeader.Scan(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            Assert.That(header.Length, Is.LessThanOrEqualTo(bytes.Length));
            Assert.That(header.Status == ProxyProtocolStatus.Complete, Is.EqualTo(header.Length > 0));
        }
    }

    [TestCase(1, "203.0.113.7:51234", "192.0.2.10:443", "v1 TCP4")]
    [TestCase(1, "[2001:db8::7]:51234", "[2001:db8::10]:443", "v1 TCP6")]
    [TestCase(2, "203.0.113.7:51234", "192.0.2.10:443", "v2 PROXY TCP4")]
    [TestCase(2, "[2001:db8::7]:51234", "[2001:db8::10]:443", "v2 PROXY TCP6")]
    public void Write_Addresses_IsTheRecordedHeader(int version, string source, string destination, string name)
    {
        var recorded = Vectors.Load("proxy_protocol").GetProperty("vectors").EnumerateArray()
            .Single(vector => vector.GetProperty("name").GetString() == name);
        Assert.That(ProxyProtocolWriter.Write(version, From(source), From(destination)), Is.EqualTo(recorded.Hex("header")));
    }

    [Test]
    public void Write_FamiliesThatDiffer_AreBothIpv6([Values(1, 2)] int version)
    {
        var bytes = ProxyProtocolWriter.Write(version, From("[2001:db8::7]:51234"), From("192.0.2.10:443"));
        Assert.That(ProxyProtocolHeader.Scan(bytes).Source, Is.EqualTo(From("[2001:db8::7]:51234")));
        Assert.That(
            Encoding.ASCII.GetString(bytes).Contains("::ffff:192.0.2.10", StringComparison.Ordinal) || version == 2);
    }

    [Test]
    public void Write_NobodyKnown_NamesNobody([Values(1, 2)] int version)
    {
        var header = ProxyProtocolHeader.Scan(ProxyProtocolWriter.Write(version, default, From("192.0.2.10:443")));
        Assert.That((header.Status, header.Source), Is.EqualTo((ProxyProtocolStatus.Complete, (ClientAddress?)null)));
    }

    private static ClientAddress From(string endPoint) => new(IPEndPoint.Parse(endPoint));
}
