using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Client;

internal sealed class ClientHelloWriterTests
{
    private const string Domain = "www.example.com";
    private static readonly Secret Key = new(Convert.FromHexString("00112233445566778899aabbccddeeff"));

    [Test]
    public void Write_AnyStyle_DigestAndTimeAsServersCheckThem([Values] HelloStyle style)
    {
        var hello = ClientHelloWriter.Write(Key, Domain, 1_700_000_000, new SeededRandom(1), style);
        var zeroed = hello.ToArray();
        zeroed.AsSpan(11, 32).Clear();
        var xor = HMACSHA256.HashData(Key.Bytes, zeroed);
        for (var i = 0; i < 32; i++)
        {
            xor[i] ^= hello[11 + i];
        }

        Assert.That(xor[..28], Is.All.Zero);
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(xor.AsSpan(28)), Is.EqualTo(1_700_000_000));
    }

    [Test]
    public void Sign_RecordedHello_RecordedRandom()
    {
        foreach (var vector in Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray())
        {
            var hello = vector.Hex("client_hello");
            var resigned = hello.ToArray();
            resigned.AsSpan(11, 32).Clear();
            ClientHelloWriter.Sign(resigned, new Secret(vector.Hex("secret")), vector.GetProperty("unix_time").GetUInt32());

            Assert.That(resigned, Is.EqualTo(hello), vector.GetProperty("name").GetString());
        }
    }

    [Test]
    public void Write_Modern_HasWhatTdlibHas()
    {
        var recorded = Parsed.Of(Recorded("tdlib (non-Darwin profile) www.example.com").Hex("client_hello"));
        for (var seed = 0; seed < 50; seed++)
        {
            var bytes = ClientHelloWriter.Write(Key, Domain, 1, new SeededRandom(seed));
            var hello = Parsed.Of(bytes);

            Assert.That(hello.Suites[1..], Is.EqualTo(recorded.Suites[1..]));
            Assert.That(bytes, Has.Length.InRange(1650, 1950));
            Assert.That(hello.Extensions.Keys.Where(type => !IsGrease(type)), Is.EquivalentTo(recorded.Extensions.Keys.Where(type => !IsGrease(type))));
            Assert.That(hello.Extensions.Keys.Count(IsGrease), Is.EqualTo(2));
            foreach (var (type, content) in recorded.Extensions)
            {
                if (!IsGrease(type) && type is not (HelloExtensions.KeyShare or HelloExtensions.EncryptedClientHello))
                {
                    Assert.That(WithoutGrease(hello.Extensions[type]), Is.EqualTo(WithoutGrease(content)), $"extension {type:x4}");
                }
            }

            AssertSameShares(hello.Extensions[HelloExtensions.KeyShare], recorded.Extensions[HelloExtensions.KeyShare]);
        }
    }

    [Test]
    public void Write_Modern_ShufflesExtensionsAndVariesEch()
    {
        var orders = new HashSet<string>();
        var echSizes = new HashSet<int>();
        for (var seed = 0; seed < 60; seed++)
        {
            var hello = Parsed.Of(ClientHelloWriter.Write(Key, Domain, 1, new SeededRandom(seed)));
            orders.Add(string.Join(' ', hello.Extensions.Keys.Where(type => !IsGrease(type))));
            echSizes.Add(hello.Extensions[HelloExtensions.EncryptedClientHello].Length - 42);
        }

        Assert.That(orders, Has.Count.EqualTo(60));
        Assert.That(echSizes, Is.EquivalentTo(new[] { 144, 176, 208, 240 }));
    }

    [Test]
    public void Write_Modern_MlKemCoefficientsAreBelowTheModulus()
    {
        var share = Parsed.Of(ClientHelloWriter.Write(Key, Domain, 1, new SeededRandom(9))).Extensions[HelloExtensions.KeyShare];
        var key = share.AsSpan(2 + 5 + 4, 1152);
        for (var i = 0; i < key.Length; i += 3)
        {
            Assert.That(key[i] | ((key[i + 1] & 0x0f) << 8), Is.LessThan(3329));
            Assert.That((key[i + 1] >> 4) | (key[i + 2] << 4), Is.LessThan(3329));
        }
    }

    [TestCase("a.io")]
    [TestCase(Domain)]
    [TestCase("a.rather.long.name.that.still.leaves.room.for.padding.example.org")]
    public void Write_Legacy_517BytesAndOneShare(string domain)
    {
        var bytes = ClientHelloWriter.Write(Key, domain, 1, new SeededRandom(2), HelloStyle.Legacy);
        var hello = Parsed.Of(bytes);

        Assert.That(bytes, Has.Length.EqualTo(517));
        Assert.That(hello.Extensions[HelloExtensions.Padding], Is.All.Zero);
        Assert.That(hello.Extensions[HelloExtensions.KeyShare], Has.Length.EqualTo(2 + 5 + 36));
        Assert.That(Encoding.Latin1.GetString(hello.Extensions[HelloExtensions.ServerName].AsSpan(5)), Is.EqualTo(domain));
    }

    [Test]
    public void Write_LongestDomain_Fits([Values] HelloStyle style)
    {
        var hello = Parsed.Of(ClientHelloWriter.Write(Key, new string('x', ClientSecret.MaxDomain), 1, new SeededRandom(2), style));

        Assert.That(hello.Extensions[HelloExtensions.ServerName], Has.Length.EqualTo(5 + ClientSecret.MaxDomain));
    }

    private static JsonElement Recorded(string name) => Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray()
        .First(vector => vector.GetProperty("name").GetString() == name);

    private static bool IsGrease(ushort value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);

    private static byte[] WithoutGrease(byte[] content)
    {
        var result = content.ToArray();
        for (var i = 0; i + 1 < result.Length; i++)
        {
            if (IsGrease(BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(i))))
            {
                result[i] = result[i + 1] = 0x0a;
            }
        }

        return result;
    }

    private static void AssertSameShares(byte[] ours, byte[] recorded)
    {
        Assert.That(ours, Has.Length.EqualTo(recorded.Length));
        for (int at = 2, size; at < ours.Length; at += 4 + size)
        {
            size = BinaryPrimitives.ReadUInt16BigEndian(recorded.AsSpan(at + 2));
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(ours.AsSpan(at + 2)), Is.EqualTo(size));
            Assert.That(WithoutGrease(ours[at..(at + 2)]), Is.EqualTo(WithoutGrease(recorded[at..(at + 2)])));
        }
    }

    /// <summary>An own little reader: the proxy's reader is tested against this writer elsewhere.</summary>
    private sealed record Parsed(ushort[] Suites, Dictionary<ushort, byte[]> Extensions)
    {
        public static Parsed Of(byte[] hello)
        {
            int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at));

            Assert.That(hello[..3], Is.EqualTo(new byte[] { 0x16, 3, 1 }));
            Assert.That(Word(3), Is.EqualTo(hello.Length - 5));
            Assert.That(hello[5], Is.EqualTo(1));
            Assert.That((hello[6] << 16) | Word(7), Is.EqualTo(hello.Length - 9));
            Assert.That(Word(9), Is.EqualTo(0x0303));
            Assert.That(hello[43], Is.EqualTo(32));
            var suites = Enumerable.Range(0, Word(76) / 2).Select(i => (ushort)Word(78 + (i * 2))).ToArray();
            var at = 78 + Word(76);
            Assert.That(Word(at), Is.EqualTo(0x0100));
            Assert.That(Word(at + 2), Is.EqualTo(hello.Length - at - 4));
            var extensions = new Dictionary<ushort, byte[]>();
            for (at += 4; at < hello.Length; at += 4 + Word(at + 2))
            {
                extensions.Add((ushort)Word(at), hello[(at + 4)..(at + 4 + Word(at + 2))]);
            }

            return new Parsed(suites, extensions);
        }
    }
}
