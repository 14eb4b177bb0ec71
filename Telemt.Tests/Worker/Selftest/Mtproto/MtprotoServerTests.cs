using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest.Mtproto;

namespace Telemt.Tests.Worker.Selftest.Mtproto;

internal sealed class MtprotoServerTests
{
    private const long Session = 0x1122334455667788;

    private readonly ManualTimeProvider _clock = new();
    private KeyExchangeKey _key = null!;
    private BigInteger _modulus;
    private AuthKeys _keys = null!;
    private MtprotoServer _server = null!;

    [OneTimeSetUp]
    public void MakeTheKeyOnce()
    {
        _key = new KeyExchangeKey();
        using var rsa = RSA.Create();
        rsa.ImportFromPem(_key.Pem);
        _modulus = new BigInteger(rsa.ExportParameters(false).Modulus, isUnsigned: true, isBigEndian: true);
    }

    [SetUp]
    public void SetUp()
    {
        _keys = new AuthKeys();
        var random = new SeededRandom(3);
        _server = new MtprotoServer(new KeyExchange(_key, new KeyExchangeGroup(random), _keys, _clock, random), _keys, -4, _clock, random);
    }

    [Test]
    public void KeyExchange_WholeDialogue_BothHaveTheSameKey()
    {
        var client = Exchange();

        Assert.That(_keys.All.Single().Bytes, Is.EqualTo(client.AuthKey));
        Assert.That(_keys.All.Single().Salt, Is.EqualTo(client.Salt));
    }

    [Test]
    public void KeyExchange_WrongHashOrOrderOrNonce_Refused()
    {
        var client = new KeyExchangeClient(_key, _modulus);
        Assert.That(() => Plain([.. BitConverter.GetBytes(Tl.ReqDhParams), .. new byte[32]]), Throws.InstanceOf<InvalidDataException>());

        var parameters = Plain(client.ReqDhParams(Plain(client.ReqPq())));
        var finish = client.SetClientDhParams(parameters, breakHash: true);
        Assert.That(() => Plain(finish), Throws.InstanceOf<InvalidDataException>());

        finish[4] ^= 1;
        Assert.That(() => Plain(finish), Throws.InstanceOf<InvalidDataException>());
        Assert.That(_keys.Count, Is.Zero);
    }

    [Test]
    public void Call_WrappedAsClientsDo_ResultOfThatMessage()
    {
        Exchange();
        byte[] json =
        [
            .. new TlWriter(Tl.JsonObject).Int((int)Tl.Vector).Int(1).Int(unchecked((int)0xc0de1bd9)).Text("tz_offset").Int((int)Tl.JsonNumber).Long(0).Written,
        ];
        var call = new TlWriter(Tl.InvokeWithLayer).Int(220).Int(unchecked((int)Tl.InitConnection))
            .Int(3).Int(1).Text("a").Text("b").Text("c").Text("d").Text("e").Text("f")
            .Int(0x75588b3f).Text("127.0.0.1").Int(443).Raw(json)
            .Int((int)Tl.GetNearestDc).ToArray();
        var answers = Encrypted(5 << 2, Pack(call));

        Assert.That(answers.Select(answer => answer.Constructor), Is.EqualTo(new[] { Tl.NewSessionCreated, Tl.RpcResult }));
        var reader = new TlReader(answers[1].Body);
        Assert.That((reader.Constructor(), reader.Long(), reader.Constructor()), Is.EqualTo((Tl.RpcResult, 5L << 2, Tl.NearestDc)));
        Assert.That(reader.Bytes().ToArray(), Is.EqualTo("NL"u8.ToArray()));
        Assert.That((reader.Int(), reader.Int()), Is.EqualTo((4, 4)));
    }

    [Test]
    public void Container_OfPingSaltsAcksAndAnUnknownCall_EachAnswered()
    {
        Exchange();
        byte[][] bodies =
        [
            new TlWriter(Tl.MsgsAck).Int((int)Tl.Vector).Int(0).ToArray(),
            new TlWriter(Tl.PingDelayDisconnect).Long(77).Int(60).ToArray(),
            new TlWriter(Tl.GetFutureSalts).Int(1).ToArray(),
            new TlWriter(0x12345678).ToArray(),
        ];
        var container = new TlWriter(Tl.Container).Int(bodies.Length);
        for (var i = 0; i < bodies.Length; i++)
        {
            container.Long(100 + (i * 4)).Int(1).Int(bodies[i].Length).Raw(bodies[i]);
        }

        var all = Encrypted(200, container.ToArray());
        var answers = all[1..];

        Assert.That((all[0].Constructor, all[0].Id % 4), Is.EqualTo((Tl.NewSessionCreated, 3L)), "the server's own message");
        Assert.That(answers.Select(answer => answer.Constructor), Is.EqualTo(new[] { Tl.Pong, Tl.FutureSalts, Tl.RpcResult }));
        Assert.That(answers[0].Body[4..], Is.EqualTo((byte[])[.. BitConverter.GetBytes(104L), .. BitConverter.GetBytes(77L)]));
        Assert.That(BitConverter.ToUInt32(answers[2].Body, 12), Is.EqualTo(Tl.RpcError));
        Assert.That(answers.Select(answer => answer.Id), Is.Ordered.And.Unique);
        Assert.That(answers.Select(answer => answer.Id % 4), Is.All.EqualTo(1));
    }

    [Test]
    public void Message_ChangedOnTheWay_Refused()
    {
        Exchange();
        var message = Seal(4, new TlWriter(Tl.Ping).Long(1).ToArray());
        message[^1] ^= 1;

        Assert.That(() => _server.Receive(message), Throws.InstanceOf<InvalidDataException>());
    }

    private static byte[] Pack(byte[] body)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress))
        {
            gzip.Write(body);
        }

        return new TlWriter(Tl.GzipPacked).Bytes(stream.ToArray()).ToArray();
    }

    private KeyExchangeClient Exchange()
    {
        var client = new KeyExchangeClient(_key, _modulus);
        client.CheckDhGenOk(Plain(client.SetClientDhParams(Plain(client.ReqDhParams(Plain(client.ReqPq()))))));
        return client;
    }

    private byte[] Plain(byte[] body)
    {
        var answer = _server.Receive(new TlWriter().Long(0).Long(4).Int(body.Length).Raw(body).Written).Single();
        Assert.That(BitConverter.ToInt64(answer), Is.Zero);
        return answer[20..];
    }

    private List<(uint Constructor, long Id, byte[] Body)> Encrypted(long id, byte[] body)
    {
        var answers = new List<(uint, long, byte[])>();
        foreach (var message in _server.Receive(Seal(id, body)))
        {
            var plain = Crypt(message[24..], message.AsSpan(8, 16), 8, encrypt: false);
            Assert.That(Hash.Sha256(Key.AsSpan(88 + 8, 32), plain)[8..24], Is.EqualTo(message[8..24]), "the message key");
            Assert.That(BitConverter.ToInt64(plain, 8), Is.EqualTo(Session));
            var length = BitConverter.ToInt32(plain, 28);
            Assert.That(plain.Length - 32 - length, Is.InRange(12, 1024), "padding");
            answers.Add((BitConverter.ToUInt32(plain, 32), BitConverter.ToInt64(plain, 16), plain[32..(32 + length)]));
        }

        return answers;
    }

    private byte[] Key => _keys.All.Single().Bytes;

    private byte[] Seal(long id, byte[] body)
    {
        var plain = new TlWriter().Long(_keys.All.Single().Salt).Long(Session).Long(id).Int(1).Int(body.Length).Raw(body);
        plain.Raw(new byte[12 + ((16 - ((plain.Written.Length + 12) % 16)) % 16)]);
        var messageKey = Hash.Sha256(Key.AsSpan(88, 32), plain.Written)[8..24];
        return [.. BitConverter.GetBytes(_keys.All.Single().Id), .. messageKey, .. Crypt(plain.ToArray(), messageKey, 0, encrypt: true)];
    }

    /// <summary>The derivation as the protocol's description has it, apart from the server's own.</summary>
    private byte[] Crypt(byte[] bytes, ReadOnlySpan<byte> messageKey, int x, bool encrypt)
    {
        var a = SHA256.HashData((byte[])[.. messageKey, .. Key[x..(x + 36)]]);
        var b = SHA256.HashData((byte[])[.. Key[(40 + x)..(76 + x)], .. messageKey]);
        byte[] key = [.. a[..8], .. b[8..24], .. a[24..32]];
        byte[] iv = [.. b[..8], .. a[8..24], .. b[24..32]];
        return encrypt ? AesIge.Encrypt(bytes, key, iv) : AesIge.Decrypt(bytes, key, iv);
    }
}
