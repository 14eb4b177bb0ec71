using System.Text.Json;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

public sealed class HostFlightTests
{
    internal static IEnumerable<TestCaseData> Recorded() => Vectors.Load("faketls_server_reply").GetProperty("vectors").EnumerateArray()
        .Select(vector => new TestCaseData(vector).SetName($"Read({vector.GetProperty("name").GetString()})"));

    [TestCaseSource(nameof(Recorded))]
    public void Read_RecordedReply_HasItsParts(JsonElement vector)
    {
        var flight = HostFlight.Read(Reply(vector));
        Assert.That(flight.Kind, Is.EqualTo(HostFlightKind.Tls13));
        Assert.That(flight.Suite.ToString("x4"), Is.EqualTo(vector.GetProperty("cipher_suite").GetString()));
        Assert.That(flight.Group, Is.EqualTo(Tls13.X25519));
        Assert.That(flight.Records, Is.EqualTo((int[])[vector.GetProperty("app_data_length").GetInt32()]));
        Assert.That(flight.EndsWithinRecord, Is.False);
        Assert.That(flight.Extensions.Select(extension => extension.Type), Is.EquivalentTo((ushort[])[Tls13.KeyShare, Tls13.SupportedVersions]));
        Assert.That(flight.Extensions[0].Type.ToString("x4"), Is.EqualTo(vector.GetProperty("extensions").GetString()![..4]));
    }

    [Test]
    public void Read_CutAnywhere_IsIncompleteOrLacksRecords()
    {
        foreach (var vector in Vectors.Load("faketls_server_reply").GetProperty("vectors").EnumerateArray())
        {
            var reply = Reply(vector);
            var hello = 5 + vector.GetProperty("server_hello_record_length").GetInt32();
            for (var length = 0; length < reply.Length; length++)
            {
                var flight = HostFlight.Read(reply.AsSpan(0, length));
                Assert.That(flight.Kind, Is.EqualTo(length < hello ? HostFlightKind.Incomplete : HostFlightKind.Tls13), $"{length} bytes");
                Assert.That(flight.Records, Is.Empty);
                Assert.That(flight.EndsWithinRecord, Is.EqualTo(length > hello && length != hello + 6), $"{length} bytes");
            }
        }
    }

    [Test]
    public void Read_MlKemReply_HasItsGroup()
    {
        var flight = HostFlight.Read(Vectors.Load("faketls_server_reply").GetProperty("constructed_11ec_reply").Hex("server_reply"));
        Assert.That((flight.Kind, flight.Group), Is.EqualTo((HostFlightKind.Tls13, Tls13.X25519MlKem768)));
    }

    [Test]
    public void Read_HelloRetryRequest_AsksForAGroup()
    {
        const string random = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
        var flight = HostFlight.Read(Convert.FromHexString("1603030038020000340303" + random + "00130100000c" + "002b00020304" + "003300020017"));
        Assert.That((flight.Kind, flight.Group), Is.EqualTo((HostFlightKind.Retry, (ushort)0x0017)));
    }

    [TestCase("15030300020228", HostFlightKind.Alert, TestName = "Read(an alert)")]
    [TestCase("160303002c0200002803030000000000000000000000000000000000000000000000000000000000000000" + "00c02f00" + "0000", HostFlightKind.OlderTls, TestName = "Read(TLS 1.2)")]
    [TestCase("160303002a0200002603030000000000000000000000000000000000000000000000000000000000000000" + "00c02f00", HostFlightKind.OlderTls, TestName = "Read(TLS 1.2 without extensions)")]
    [TestCase("485454502f312e3120343030", HostFlightKind.NotTls, TestName = "Read(HTTP)")]
    [TestCase("16030300040b000000", HostFlightKind.NotTls, TestName = "Read(a certificate first)")]
    [TestCase("160303002c0200002803030000000000000000000000000000000000000000000000000000000000000000" + "00c02f00" + "00ff", HostFlightKind.OlderTls, TestName = "Read(a list longer than the message)")]
    [TestCase("", HostFlightKind.Incomplete, TestName = "Read(nothing)")]
    public void Read_OtherAnswers_AreTold(string bytes, object kind) =>
        Assert.That(HostFlight.Read(Convert.FromHexString(bytes)).Kind, Is.EqualTo(kind));

    [Test]
    public void Read_Alert_HasItsDescription() => Assert.That(HostFlight.Read([0x15, 3, 3, 0, 2, 2, 120]).Alert, Is.EqualTo(120));

    [Test]
    public void Read_ChangedBytes_NeverThrows()
    {
        var random = new SeededRandom(11);
        var reply = Reply(Vectors.Load("faketls_server_reply").GetProperty("vectors")[0])[..200];
        Span<byte> drawn = stackalloc byte[3];
        for (var i = 0; i < 50_000; i++)
        {
            var changed = reply.ToArray();
            random.Fill(drawn);
            changed[drawn[0] % changed.Length] = drawn[1];
            changed[drawn[2] % 12] ^= (byte)(1 << (drawn[1] & 7));
            Assert.That(() => HostFlight.Read(changed), Throws.Nothing);
        }
    }

    internal static byte[] Reply(JsonElement vector)
        => vector.GetProperty("server_reply").ValueKind == JsonValueKind.String
            ? vector.Hex("server_reply")
            : [.. vector.Hex("server_reply_prefix"), .. vector.Hex("app_data")];
}
