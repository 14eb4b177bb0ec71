using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Crypto;

internal sealed class HandshakeKeysTests
{
    private static IEnumerable<TestCaseData> Clients()
    {
        var file = Vectors.Load("obfuscated2_client");
        foreach (var part in new[] { "vectors", "mtcute", "tdlib" })
        {
            foreach (var vector in file.GetProperty(part).EnumerateArray())
            {
                yield return new TestCaseData(vector).SetArgDisplayNames(vector.GetProperty("name").GetString()!);
            }
        }
    }

    private static IEnumerable<TestCaseData> Dcs()
        => Vectors.Load("obfuscated2_dc").GetProperty("vectors").EnumerateArray()
            .Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Clients))]
    public void Derive_ClientVectors_MatchAndDecrypt(JsonElement vector)
    {
        var header = vector.Hex("handshake_wire");
        var secret = KeyOf(vector.Hex("secret"));
        var (key, iv, downKey, downIv) = (new byte[32], new byte[16], new byte[32], new byte[16]);

        HandshakeKeys.ClientToServer(header, secret, key, iv);
        HandshakeKeys.ServerToClient(header, secret, downKey, downIv);

        Assert.That(key, Is.EqualTo(vector.Hex("client_to_proxy_key")));
        Assert.That(iv, Is.EqualTo(vector.Hex("client_to_proxy_iv")));
        Assert.That(downKey, Is.EqualTo(vector.Hex("proxy_to_client_key")));
        Assert.That(downIv, Is.EqualTo(vector.Hex("proxy_to_client_iv")));
        var up = new AesCtr(key, iv);
        up.Transform(header);
        AssertStream(up, vector, "client_to_proxy");
        AssertStream(new AesCtr(downKey, downIv), vector, "proxy_to_client");
    }

    [TestCaseSource(nameof(Dcs))]
    public void Derive_DcVectorsWithoutSecret_Match(JsonElement vector)
    {
        var header = vector.Hex("handshake_wire");
        var (key, iv, downKey, downIv) = (new byte[32], new byte[16], new byte[32], new byte[16]);

        HandshakeKeys.ClientToServer(header, null, key, iv);
        HandshakeKeys.ServerToClient(header, null, downKey, downIv);

        Assert.That(key, Is.EqualTo(vector.Hex("proxy_to_dc_key")));
        Assert.That(iv, Is.EqualTo(vector.Hex("proxy_to_dc_iv")));
        Assert.That(downKey, Is.EqualTo(vector.Hex("dc_to_proxy_key")));
        Assert.That(downIv, Is.EqualTo(vector.Hex("dc_to_proxy_iv")));
        var up = new AesCtr(key, iv);
        up.Transform(header);
        Assert.That(header[56..], Is.EqualTo(vector.Hex("handshake_plain_56_64")));
    }

    [Test]
    public void Derive_CapturedHandshakes_Decrypt()
    {
        foreach (var vector in Vectors.Load("obfuscated2_mtg_snapshots").GetProperty("vectors").EnumerateArray())
        {
            var header = vector.Hex("handshake_wire");
            var (key, iv) = (new byte[32], new byte[16]);

            HandshakeKeys.ClientToServer(header, new Secret(vector.Hex("secret")), key, iv);

            new AesCtr(key, iv).Transform(header);
            Assert.That(header[56..60], Is.EqualTo(vector.Hex("protocol_tag")));
        }
    }

    // dd and ee secrets carry the key behind their first byte.
    private static Secret KeyOf(byte[] secret) => new(secret.Length == Secret.Size ? secret : secret.AsSpan(1, Secret.Size));

    private static void AssertStream(AesCtr stream, JsonElement vector, string property)
    {
        if (!vector.TryGetProperty(property, out var messages))
        {
            return;
        }
        foreach (var message in messages.EnumerateArray())
        {
            var wire = message.Hex("wire");
            stream.Transform(wire);
            Assert.That(wire, Is.EqualTo(message.Hex("frame")), property);
        }
    }
}
