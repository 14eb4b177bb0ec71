using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Telemt.Core.Fronting;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Wire;

public sealed class ServerHelloTests
{
    private static readonly byte[] Key = Convert.FromHexString("00112233445566778899aabbccddeeff");
    private static readonly FlightProfile Profile = new() { Typically = Answering(HostAnswer.VersionsFirst) };

    internal static IEnumerable<TestCaseData> Recorded()
    {
        var root = Vectors.Load("faketls_server_reply");
        return root.GetProperty("vectors").EnumerateArray().Append(root.GetProperty("constructed_11ec_reply"))
            .Select(vector => new TestCaseData(vector)
                .SetName($"Verify({(vector.TryGetProperty("name", out var name) ? name.GetString() : "constructed 11ec")})"));
    }

    /// <summary>The check that ours must pass is first shown to know right from wrong.</summary>
    [TestCaseSource(nameof(Recorded))]
    public void Verify_RecordedAnswer_IsTheFormula(JsonElement vector)
    {
        var reply = Reply(vector);
        var random = vector.Hex("client_hello_random");
        Assert.That(Verifies(reply, vector.Hex("secret"), random), Is.True);

        random[31] ^= 1;
        Assert.That(Verifies(reply, vector.Hex("secret"), random), Is.False);
    }

    [Test]
    public void Write_SessionIdOfEachLength_IsThreeRecordsThatTheClientVerifies()
    {
        for (var length = 0; length <= 32; length++)
        {
            var record = new TestHello { SessionId = [.. Enumerable.Repeat((byte)0x5a, length)] }.Signed(Key, 1, seed: length);
            var reply = Write(record, Profile);

            Assert.That(Verifies(reply, Key, record[11..43]), Is.True);
            Assert.That(Records(reply), Is.EqualTo(((byte, int)[])[(0x16, 90 + length), (0x14, 1), (0x17, 3000)]));
            Assert.That(reply[43], Is.EqualTo(length));
            Assert.That(reply[44..(44 + length)], Is.EqualTo(record[44..(44 + length)]));
        }
    }

    [Test]
    public void Write_OpenSslOrder_IsTheLayoutByteForByte()
    {
        var record = new TestHello().Signed(Key, 1);
        var reply = Write(record, Profile);
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(reply[..11]), Is.EqualTo("160303007a020000760303"));
            Assert.That(Convert.ToHexStringLower(reply[43..79]), Is.EqualTo("20" + Convert.ToHexStringLower(record[44..76]) + "130100"));
            Assert.That(Convert.ToHexStringLower(reply[79..95]), Is.EqualTo("002e002b0002030400330024001d0020"));
            Assert.That(reply[126] & 0x80, Is.Zero, "top bit of the key");
            Assert.That(Convert.ToHexStringLower(reply[127..138]), Is.EqualTo("1403030001011703030bb8"));
        });
    }

    [Test]
    public void Write_BoringSslOrder_PutsTheKeyFirst()
    {
        var reply = Write(new TestHello().Signed(Key, 1), Profile with { Typically = Answering(HostAnswer.KeyFirst) });
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(reply[79..89]), Is.EqualTo("002e00330024001d0020"));
            Assert.That(Convert.ToHexStringLower(reply[121..127]), Is.EqualTo("002b00020304"));
        });
    }

    [Test]
    public void Write_MlKem_AnswersOnlyWhoOfferedIt()
    {
        var profile = Profile with { ChoosesMlKem = true };
        var record = new TestHello().Signed(Key, 1);
        var reply = Write(record, profile);
        Assert.Multiple(() =>
        {
            Assert.That(Records(reply)[0].Length, Is.EqualTo(1210));
            Assert.That(Convert.ToHexStringLower(reply[87..95]), Is.EqualTo("0033046411ec0460"));
            Assert.That(Verifies(reply, Key, record[11..43]), Is.True);
        });

        var hello = new TestHello();
        hello.Extensions.RemoveAll(extension => extension.Type == 0x0033);
        hello.Extensions.Add((0x0033, TestHello.KeyShares((0x001d, 32))));
        Assert.That(Records(Write(hello.Signed(Key, 1), profile))[0].Length, Is.EqualTo(122));
    }

    /// <summary>What an observer sees of a host's ServerHello, he sees of ours: of every recorded one, in every byte but what is drawn.</summary>
    [TestCaseSource(nameof(Recorded))]
    public void Write_HostSeen_IsItsAnswerButForRandomSessionIdAndKey(JsonElement vector)
    {
        var theirs = Reply(vector);
        var flight = HostFlight.Read(theirs);
        if (!Tls13.IsSuite(flight.Suite))
        {
            Assert.Pass("no TLS 1.3 server answers with this suite");
        }

        var record = new TestHello { Suites = [(byte)(flight.Suite >> 8), (byte)flight.Suite] }.Signed(Key, 1);
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        var seen = new HostObservations();
        seen.Note(HelloPrint.Of(record, hello), flight.Suite, flight);
        var ours = Write(record, seen.ToProfile()!);

        var at = 44 + theirs[43];
        var key = theirs.AsSpan(at, BinaryPrimitives.ReadUInt16BigEndian(theirs.AsSpan(3)) + 5 - at).IndexOf((byte[])[0x00, 0x33]) + at + 8;
        foreach (var drawn in (Range[])[11..43, 44..at, key..(key + Tls13.AnswerSize(flight.Group))])
        {
            theirs.AsSpan()[drawn].Clear();
            ours.AsSpan()[drawn].Clear();
        }

        // Behind the lengths comes the flight, which is random.
        var end = BinaryPrimitives.ReadUInt16BigEndian(theirs.AsSpan(3)) + 5 + 6 + 5;
        Assert.That(Convert.ToHexString(ours[..end]), Is.EqualTo(Convert.ToHexString(theirs[..end])));
        Assert.That(ours, Has.Length.EqualTo(theirs.Length));
    }

    [Test]
    public void Write_Flight_IsRandomAndSoIsTheKey()
    {
        var record = new TestHello().Signed(Key, 1);
        var random = new SeededRandom(1);
        var (one, other) = (Write(record, Profile, random), Write(record, Profile, random));
        var same = one[138..].Zip(other[138..]).Count(pair => pair.First == pair.Second);
        Assert.Multiple(() =>
        {
            Assert.That(same, Is.LessThan(40), "of 3,000 random bytes about 12 are equal by chance");
            Assert.That(one[95..127], Is.Not.EqualTo(other[95..127]));
            Assert.That(one[138..].Distinct().Count(), Is.EqualTo(256));
        });
    }

    [Test]
    public void Write_AcceptedHellos_EchoTheirSessionIdAndASuiteOfTheirs()
    {
        foreach (var vector in Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray())
        {
            var record = vector.Hex("client_hello");
            var reply = Write(record, Profile);
            var parsed = vector.GetProperty("parsed");
            Assert.Multiple(() =>
            {
                Assert.That(reply[44..76], Is.EqualTo(parsed.Hex("session_id")));
                Assert.That(Convert.ToHexStringLower(reply[76..78]), Is.EqualTo(parsed.GetProperty("first_non_grease_cipher").GetString()));
                Assert.That(Verifies(reply, Key, vector.Hex("random_field")), Is.True);
            });
        }
    }

    private static byte[] Write(byte[] record, FlightProfile profile, SeededRandom? random = null)
    {
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        random ??= new SeededRandom(9);
        var shape = profile.Answer(hello, record, HelloPrint.Of(record, hello), KeyShareChoice.Auto, null, random);
        return ServerHello.Write(record, hello, shape!.Value, new Secret(Key), random).ToArray();
    }

    private static HostAnswer Answering(ImmutableArray<ServerExtension> extensions) =>
        new() { Suite = Tls13.Aes128GcmSha256, Group = Tls13.X25519, Extensions = extensions, Sizes = new FlightSizes(3000) };

    private static bool Verifies(byte[] reply, byte[] secret, byte[] clientRandom)
    {
        byte[] zeroed = [.. clientRandom, .. reply];
        zeroed.AsSpan(32 + 11, 32).Clear();
        return HMACSHA256.HashData(secret, zeroed).AsSpan().SequenceEqual(reply.AsSpan(11, 32));
    }

    private static byte[] Reply(JsonElement vector)
        => vector.GetProperty("server_reply").ValueKind == JsonValueKind.String
            ? vector.Hex("server_reply")
            : [.. vector.Hex("server_reply_prefix"), .. vector.Hex("app_data")];

    private static List<(byte Type, int Length)> Records(byte[] reply)
    {
        var records = new List<(byte, int)>();
        for (var at = 0; at < reply.Length; at += 5 + records[^1].Item2)
        {
            records.Add((reply[at], BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(at + 3))));
        }

        return records;
    }
}
