using System.Text.Json;
using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Client;

internal sealed class ServerFlightTests
{
    private static readonly byte[] Tail = [0x17, 0x03, 0x03, 0x00, 0x01, 0x55];

    public static IEnumerable<TestCaseData> Recorded()
    {
        var file = Vectors.Load("faketls_server_reply");
        foreach (var vector in file.GetProperty("vectors").EnumerateArray())
        {
            if (vector.TryGetProperty("server_reply", out var reply) && reply.ValueKind == JsonValueKind.String)
            {
                yield return Case(vector.GetProperty("name").GetString()!, vector, vector.Hex("server_reply"));
            }
            else if (vector.TryGetProperty("server_reply_prefix", out _) && vector.TryGetProperty("app_data", out _))
            {
                yield return Case(vector.GetProperty("name").GetString()!, vector, [.. vector.Hex("server_reply_prefix"), .. vector.Hex("app_data")]);
            }
        }

        yield return Case("ML-KEM share", file.GetProperty("constructed_11ec_reply"), file.GetProperty("constructed_11ec_reply").Hex("server_reply"));
        var transcript = file.GetProperty("transcript");
        yield return new TestCaseData(
            new Secret(transcript.Hex("secret")), transcript.Hex("client_hello")[11..43], transcript.Hex("server_reply")).SetArgDisplayNames("transcript");
    }

    [TestCaseSource(nameof(Recorded))]
    public void Read_RecordedReplyAtAnyLength_AcceptedWhenComplete(object secret, byte[] random, byte[] reply)
    {
        for (var length = 0; length < reply.Length; length++)
        {
            Assert.That(ServerFlight.Read(reply.AsSpan(0, length), (Secret)secret, random, out _), Is.EqualTo(ServerFlightStatus.Read), $"{length} bytes");
        }

        Assert.That(ServerFlight.Read([.. reply, .. Tail], (Secret)secret, random, out var size), Is.EqualTo(ServerFlightStatus.Accepted));
        Assert.That(size, Is.EqualTo(reply.Length));
    }

    [TestCaseSource(nameof(Recorded))]
    public void Read_AnyBitFlipped_NeverAccepted(object secret, byte[] random, byte[] reply)
    {
        for (var at = 0; at < reply.Length; at += at < 200 ? 1 : 37)
        {
            var flipped = reply.ToArray();
            flipped[at] ^= (byte)(1 << (at % 8));

            Assert.That(ServerFlight.Read([.. flipped, .. new byte[300]], (Secret)secret, random, out _), Is.Not.EqualTo(ServerFlightStatus.Accepted), $"byte {at}");
        }
    }

    [Test]
    public void Read_OtherSecretOrOtherHello_WrongDigest()
    {
        var vector = Recorded().First();
        var (secret, random, reply) = ((Secret)vector.Arguments[0]!, (byte[])vector.Arguments[1]!, (byte[])vector.Arguments[2]!);

        Assert.That(ServerFlight.Read(reply, new Secret(new byte[16]), random, out _), Is.EqualTo(ServerFlightStatus.WrongDigest));
        Assert.That(ServerFlight.Read(reply, secret, new byte[32], out _), Is.EqualTo(ServerFlightStatus.WrongDigest));
    }

    [TestCase("15030300020228", ServerFlightStatus.NoServerHello, Description = "an alert")]
    [TestCase("485454502f312e31", ServerFlightStatus.NoServerHello, Description = "HTTP")]
    [TestCase("16030300100011", ServerFlightStatus.WrongRecords, Description = "too short for a ServerHello")]
    [TestCase("1603", ServerFlightStatus.Read)]
    [TestCase("", ServerFlightStatus.Read)]
    public void Read_OtherStarts_Named(string hex, object expected) =>
        Assert.That(ServerFlight.Read(Convert.FromHexString(hex), new Secret(new byte[16]), new byte[32], out _), Is.EqualTo(expected));

    [Test]
    public void Read_TwoHandshakeRecords_WrongRecords()
    {
        byte[] bytes = [0x16, 3, 3, 0, 122, .. new byte[122], 0x16];

        Assert.That(ServerFlight.Read(bytes, new Secret(new byte[16]), new byte[32], out _), Is.EqualTo(ServerFlightStatus.WrongRecords));
    }

    [Test]
    public void Read_RandomBytes_NeverThrows()
    {
        var random = new Random(8);
        var vector = (byte[])Recorded().First().Arguments[2]!;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = vector[..random.Next(vector.Length)];
            for (var n = random.Next(5); n > 0 && bytes.Length > 0; n--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 160))] = (byte)random.Next(256);
            }

            Assert.That(ServerFlight.Read(bytes, new Secret(new byte[16]), new byte[32], out _), Is.Not.EqualTo(ServerFlightStatus.Accepted));
        }
    }

    private static TestCaseData Case(string name, JsonElement vector, byte[] reply) =>
        new TestCaseData(new Secret(vector.Hex("secret")), vector.Hex("client_hello_random"), reply).SetArgDisplayNames(name);
}
