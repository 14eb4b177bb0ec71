using System.Net;
using System.Text.Json;
using Telemt.Core.Middle;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Middle;

internal sealed class MiddleKeysTests
{
    [TestCaseSource(typeof(MiddleVectors), nameof(MiddleVectors.Keys))]
    public void Derive_Recorded_Same(JsonElement vector)
    {
        var ends = new MiddleEnds(End(vector, "client"), End(vector, "server"));
        var secret = MiddleVectors.Secret(vector.Hex("proxy_secret"));
        var time = vector.GetProperty("client_timestamp").GetUInt32();
        Assert.That(BitConverter.GetBytes(secret.KeySelector), Is.EqualTo(vector.Hex("key_selector")));

        foreach (var (fromUs, name) in new[] { (true, "proxy_to_middle"), (false, "middle_to_proxy") })
        {
            var (key, iv) = (new byte[32], new byte[16]);
            MiddleKeys.Derive(secret, ends, vector.Hex("client_nonce"), vector.Hex("server_nonce"), time, fromUs, key, iv);

            Assert.That(key, Is.EqualTo(vector.Hex(name + "_key")));
            Assert.That(iv, Is.EqualTo(vector.Hex(name + "_iv")));
        }
    }

    [Test]
    public void Ends_MappedAddress_CountsAsIpv4()
    {
        var ends = new MiddleEnds(IPEndPoint.Parse("[::ffff:192.0.2.1]:5"), IPEndPoint.Parse("192.0.2.2:6"));

        Assert.That(ends.Ours, Is.EqualTo(IPEndPoint.Parse("192.0.2.1:5")));
    }

    [Test]
    public void Ends_MixedFamilies_Refused() =>
        Assert.That(() => new MiddleEnds(IPEndPoint.Parse("[2001:db8::1]:5"), IPEndPoint.Parse("192.0.2.2:6")), Throws.ArgumentException);

    [TestCase(31)]
    [TestCase(257)]
    public void Secret_WrongLength_Refused(int length) =>
        Assert.That(MiddleSecret.TryCreate(MiddleVectors.SecretBytes.Concat(MiddleVectors.SecretBytes).Concat(new byte[1]).Take(length).ToArray(), out _), Is.False);

    [Test]
    public void Secret_PageOfSomebodyInBetween_Refused() =>
        Assert.That(MiddleSecret.TryCreate("<html><body>Please log in to this network first</body></html>"u8, out _), Is.False);

    private static IPEndPoint End(JsonElement vector, string name) =>
        new(IPAddress.Parse(vector.GetProperty(name + "_ip").GetString()!), vector.GetProperty(name + "_port").GetInt32());
}
