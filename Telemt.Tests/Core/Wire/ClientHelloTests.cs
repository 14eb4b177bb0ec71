using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Wire;

public sealed class ClientHelloTests
{
    internal static IEnumerable<TestCaseData> Accepted()
        => Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray()
            .Select(vector => new TestCaseData(vector).SetName($"TryParse({vector.GetProperty("name").GetString()})"));

    [TestCaseSource(nameof(Accepted))]
    public void TryParse_RecordedHello_FindsEachField(JsonElement vector)
    {
        var record = vector.Hex("client_hello");
        var parsed = vector.GetProperty("parsed");

        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(ClientHello.Random(record).ToArray(), Is.EqualTo(vector.Hex("random_field")));
            Assert.That(hello.SessionId.Of(record).ToArray(), Is.EqualTo(parsed.Hex("session_id")));
            Assert.That(Codes(hello.CipherSuites.Of(record)), Is.EqualTo(Strings(parsed, "cipher_suites")));
            Assert.That(Encoding.ASCII.GetString(hello.ServerName.Of(record)), Is.EqualTo(parsed.GetProperty("sni").GetString()));
            Assert.That(Codes(hello.SupportedVersions.Of(record)), Is.EqualTo(Strings(parsed, "supported_versions")));
            Assert.That(Names(hello.Alpn.Of(record)), Is.EqualTo(Strings(parsed, "alpn")));
            Assert.That(Groups(hello.KeyShares.Of(record)), Is.EqualTo(KeyShares(parsed)));
            Assert.That(hello.SupportedGroups.Length, Is.GreaterThan(2));
            Assert.That(
                hello.FirstTls13Suite(record).ToString("x4"),
                Is.EqualTo(parsed.GetProperty("first_non_grease_cipher").GetString()));
            foreach (var (group, _) in KeyShares(parsed))
            {
                Assert.That(hello.OffersKeyShare(record, Convert.ToUInt16(group, 16)), Is.True);
            }

            Assert.That(hello.OffersKeyShare(record, 0x0017), Is.False);
        });
    }

    [Test]
    public void TryParse_NoExtensionsAtAll_HasNoFields()
    {
        var record = new TestHello { Extensions = [] }.Build();
        foreach (var bytes in (byte[][])[record, Shortened(record)])
        {
            Assert.That(ClientHello.TryParse(bytes, out var hello), Is.True);
            Assert.Multiple(() =>
            {
                Assert.That(hello.ServerName.IsPresent, Is.False);
                Assert.That(hello.KeyShares.IsPresent, Is.False);
                Assert.That(hello.OffersKeyShare(bytes, Tls13.X25519), Is.False);
                Assert.That(hello.OffersSuite(bytes, 0x1301), Is.True);
            });
        }
    }

    [Test]
    public void TryParse_SessionIdOfEachLength_IsFound()
    {
        for (var length = 0; length <= 32; length++)
        {
            var id = new byte[length];
            new SeededRandom(length).Fill(id);
            var record = new TestHello { SessionId = id }.Build();
            Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
            Assert.That(hello.SessionId.Of(record).ToArray(), Is.EqualTo(id));
        }

        Assert.That(ClientHello.TryParse(new TestHello { SessionId = new byte[33] }.Build(), out _), Is.False);
    }

    internal static IEnumerable<TestCaseData> Malformed()
    {
        yield return Case("no suites", new TestHello { Suites = [] });
        yield return Case("half a suite", new TestHello { Suites = [0x13] });
        yield return Case("name list with a byte behind", 0x0000, [0, 4, 0, 0, 1, 0x61, 0x62]);
        yield return Case("name list too long", 0x0000, [0, 5, 0, 0, 1, 0x61]);
        yield return Case("name too long", 0x0000, [0, 4, 0, 0, 2, 0x61]);
        yield return Case("name too short", 0x0000, [0, 5, 0, 0, 1, 0x61, 0x62]);
        yield return Case("name of another type", 0x0000, [0, 4, 1, 0, 1, 0x61]);
        yield return Case("two names in one list", 0x0000, [0, 8, 0, 0, 1, 0x61, 0, 0, 1, 0x62]);
        yield return Case("empty name", 0x0000, [0, 3, 0, 0, 0]);
        yield return Case("empty name extension", 0x0000, []);
        yield return Case("name with a zero", 0x0000, TestHello.ServerName("a\0b"));
        yield return Case("name with a line end", 0x0000, TestHello.ServerName("a\nb"));
        yield return Case("name beyond ASCII", 0x0000, TestHello.ServerName("\u00e9.com"));
        yield return Case("name of 256 bytes", 0x0000, TestHello.ServerName(new string('a', 256)));
        yield return Case("groups of odd length", 0x000a, [0, 3, 0, 0x1d, 0]);
        yield return Case("groups with a byte behind", 0x000a, [0, 2, 0, 0x1d, 0]);
        yield return Case("no groups", 0x000a, [0, 0]);
        yield return Case("versions of odd length", 0x002b, [3, 3, 4, 3]);
        yield return Case("no versions", 0x002b, [0]);
        yield return Case("key longer than the list", 0x0033, [0, 6, 0, 0x1d, 0, 3, 1, 2]);
        yield return Case("key of no bytes", 0x0033, [0, 4, 0, 0x1d, 0, 0]);
        yield return Case("empty protocol name", 0x0010, [0, 1, 0]);
        yield return Case("no protocol names", 0x0010, [0, 0]);
        foreach (var type in (ushort[])[0x0000, 0x000a, 0x0010, 0x0033, 0x002b])
        {
            var hello = new TestHello();
            hello.Extensions.Add(hello.Extensions.Single(extension => extension.Type == type));
            yield return Case($"extension {type:x4} twice", hello);
        }
    }

    [TestCaseSource(nameof(Malformed))]
    public void TryParse_BrokenField_IsRefused(byte[] record) => Assert.That(ClientHello.TryParse(record, out _), Is.False);

    [Test]
    public void TryParse_UnknownAndGreaseExtensionsTwice_AreLeftAlone()
    {
        var hello = new TestHello();
        hello.Extensions.Add((0x3a3a, [0]));
        hello.Extensions.Add((0x0029, [1, 2, 3]));
        Assert.That(ClientHello.TryParse(hello.Build(), out var parsed), Is.True);
        Assert.That(parsed.ServerName.IsPresent, Is.True);
    }

    [Test]
    public void TryParse_RecordCutAnywhere_IsRefused()
    {
        var hello = new TestHello();
        var record = hello.Build();
        var bare = 44 + hello.SessionId.Length + 2 + hello.Suites.Length + 2;
        for (var length = 0; length < record.Length; length++)
        {
            // Cut before its extensions it is the hello of a client that has none.
            Assert.That(ClientHello.TryParse(record.AsSpan(0, length), out _), Is.EqualTo(length == bare), $"{length} bytes");
        }
    }

    [Test]
    public void TryParse_ChangedBytes_NeverThrowsAndStaysWithinTheRecord()
    {
        var random = new Random(7);
        var original = new TestHello().Build();
        for (var round = 0; round < 30_000; round++)
        {
            var record = original.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                // The fields are before and behind the 1,216-byte key.
                record[random.Next(2) == 0 ? random.Next(150) : record.Length - 1 - random.Next(60)] = (byte)random.Next(256);
            }

            if (ClientHello.TryParse(record, out var hello))
            {
                foreach (var range in (TlsRange[])
                    [hello.SessionId, hello.CipherSuites, hello.ServerName, hello.KeyShares, hello.Alpn, hello.SupportedVersions])
                {
                    Assert.That(range.End, Is.LessThanOrEqualTo(record.Length));
                }

                _ = hello.OffersKeyShare(record, Tls13.X25519);
                _ = hello.FirstTls13Suite(record);
            }
        }
    }

    [Test]
    public void TryParse_GoodHello_AllocatesNothing()
    {
        var record = new TestHello().Build();
        _ = ClientHello.TryParse(record, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = HelloFrame.Scan(record);
            _ = ClientHello.TryParse(record, out _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static TestCaseData Case(string name, TestHello hello) => new TestCaseData(hello.Build()).SetName($"TryParse({name})");

    private static TestCaseData Case(string name, ushort type, byte[] data)
    {
        var hello = new TestHello();
        hello.Extensions[hello.Extensions.FindIndex(extension => extension.Type == type)] = (type, data);
        return Case(name, hello);
    }

    /// <summary>Takes the two bytes of an empty extension list away, as clients of TLS 1.0 did.</summary>
    private static byte[] Shortened(byte[] record)
    {
        var shorter = record[..^2];
        shorter[4] -= 2;
        shorter[8] -= 2;
        return shorter;
    }

    private static List<string> Codes(ReadOnlySpan<byte> list)
    {
        var codes = new List<string>();
        for (var i = 0; i < list.Length; i += 2)
        {
            codes.Add(BinaryPrimitives.ReadUInt16BigEndian(list[i..]).ToString("x4"));
        }

        return codes;
    }

    private static List<string> Names(ReadOnlySpan<byte> list)
    {
        var names = new List<string>();
        for (var i = 0; i < list.Length; i += 1 + list[i])
        {
            names.Add(Encoding.ASCII.GetString(list.Slice(i + 1, list[i])));
        }

        return names;
    }

    private static List<(string, int)> Groups(ReadOnlySpan<byte> list)
    {
        var groups = new List<(string, int)>();
        for (var i = 0; i < list.Length; i += 4 + groups[^1].Item2)
        {
            var group = BinaryPrimitives.ReadUInt16BigEndian(list[i..]).ToString("x4");
            groups.Add((group, BinaryPrimitives.ReadUInt16BigEndian(list[(i + 2)..])));
        }

        return groups;
    }

    private static IEnumerable<string> Strings(JsonElement parsed, string name)
        => parsed.GetProperty(name).EnumerateArray().Select(element => element.GetString()!);

    private static IEnumerable<(string, int)> KeyShares(JsonElement parsed)
        => parsed.GetProperty("key_share_groups").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetInt32()));
}
