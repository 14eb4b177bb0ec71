using System.Numerics;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest.Mtproto;

namespace Telemt.Tests.Worker.Selftest.Mtproto;

/// <summary>A client's side of the key exchange, written from the protocol's description: what the server's side is tested with.</summary>
internal sealed class KeyExchangeClient(KeyExchangeKey serverKey, BigInteger modulus)
{
    private readonly SeededRandom _random = new(11);
    private byte[] _nonce = [];
    private byte[] _serverNonce = [];
    private byte[] _newNonce = [];
    private byte[] _aesKey = [];
    private byte[] _aesIv = [];

    public byte[] AuthKey { get; private set; } = [];

    public long Salt => BitConverter.ToInt64(_newNonce) ^ BitConverter.ToInt64(_serverNonce);

    public byte[] ReqPq()
    {
        _nonce = Draw(16);
        return new TlWriter(Tl.ReqPqMulti).Raw(_nonce).ToArray();
    }

    public byte[] ReqDhParams(byte[] resPq)
    {
        var reader = new TlReader(resPq);
        Assert.That(reader.Constructor(), Is.EqualTo(Tl.ResPq));
        Assert.That(reader.Raw(16).ToArray(), Is.EqualTo(_nonce));
        _serverNonce = reader.Raw(16).ToArray();
        var pq = reader.Bytes().ToArray();
        Assert.That((reader.Constructor(), reader.Int(), reader.Long()), Is.EqualTo((Tl.Vector, 1, serverKey.Fingerprint)));
        var (p, q) = (KeyExchangeGroup.P.ToArray(), KeyExchangeGroup.Q.ToArray());
        Assert.That(Number(p) * Number(q), Is.EqualTo(Number(pq)));

        _newNonce = Draw(32);
        var inner = new TlWriter(Tl.PqInnerDataDc).Bytes(pq).Bytes(p).Bytes(q).Raw(_nonce).Raw(_serverNonce).Raw(_newNonce).Int(2).ToArray();
        return new TlWriter(Tl.ReqDhParams)
            .Raw(_nonce).Raw(_serverNonce).Bytes(p).Bytes(q).Long(serverKey.Fingerprint).Bytes(RsaPad(inner)).ToArray();
    }

    public byte[] SetClientDhParams(byte[] serverDhParams, bool breakHash = false)
    {
        var reader = new TlReader(serverDhParams);
        Assert.That(reader.Constructor(), Is.EqualTo(Tl.ServerDhParamsOk));
        reader.Raw(32);
        var (a, b, c) = (Hash.Sha1(_newNonce, _serverNonce), Hash.Sha1(_serverNonce, _newNonce), Hash.Sha1(_newNonce, _newNonce));
        _aesKey = [.. a, .. b[..12]];
        _aesIv = [.. b[12..], .. c, .. _newNonce[..4]];
        var plain = AesIge.Decrypt(reader.Bytes(), _aesKey, _aesIv);
        var inner = new TlReader(plain.AsSpan(20));
        Assert.That(inner.Constructor(), Is.EqualTo(Tl.ServerDhInnerData));
        inner.Raw(32);
        var g = inner.Int();
        var prime = Number(inner.Bytes());
        var serverValue = Number(inner.Bytes());
        inner.Int();
        Assert.That(Hash.Sha1(plain.AsSpan(20, plain.Length - 20 - inner.Rest.Length)), Is.EqualTo(plain[..20]));
        Assert.That(inner.Rest.Length, Is.LessThan(16), "padding");

        var exponent = Number(Draw(256));
        AuthKey = Fixed(BigInteger.ModPow(serverValue, exponent, prime), 256);
        var answer = new TlWriter(Tl.ClientDhInnerData)
            .Raw(_nonce).Raw(_serverNonce).Long(0).Bytes(Fixed(BigInteger.ModPow(g, exponent, prime), 256)).ToArray();
        var hash = Hash.Sha1(answer);
        hash[0] ^= breakHash ? (byte)1 : (byte)0;
        byte[] padded = [.. hash, .. answer, .. Draw((16 - ((20 + answer.Length) % 16)) % 16)];
        return new TlWriter(Tl.SetClientDhParams).Raw(_nonce).Raw(_serverNonce).Bytes(AesIge.Encrypt(padded, _aesKey, _aesIv)).ToArray();
    }

    public void CheckDhGenOk(byte[] dhGen)
    {
        var reader = new TlReader(dhGen);
        Assert.That(reader.Constructor(), Is.EqualTo(Tl.DhGenOk));
        reader.Raw(32);
        Assert.That(reader.Rest.ToArray(), Is.EqualTo(Hash.Sha1(_newNonce, [1], Hash.Sha1(AuthKey).AsSpan(0, 8))[4..]));
    }

    private byte[] RsaPad(byte[] data)
    {
        byte[] padded = [.. data, .. Draw(192 - data.Length)];
        while (true)
        {
            var key = Draw(32);
            byte[] block = [.. padded.Reverse(), .. Hash.Sha256(key, padded)];
            var encrypted = AesIge.Encrypt(block, key, new byte[32]);
            var hash = Hash.Sha256(encrypted);
            byte[] number = [.. key.Select((value, i) => (byte)(value ^ hash[i])), .. encrypted];
            if (Number(number) < modulus)
            {
                return Fixed(BigInteger.ModPow(Number(number), 65537, modulus), 256);
            }
        }
    }

    private byte[] Draw(int count)
    {
        var bytes = new byte[count];
        _random.Fill(bytes);
        return bytes;
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Fixed(BigInteger number, int size)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[size - bytes.Length], .. bytes];
    }
}
