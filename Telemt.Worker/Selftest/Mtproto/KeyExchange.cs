using Telemt.Core;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>
/// A DC's side of the creation of an authorisation key, for one connection: req_pq_multi, req_DH_params, set_client_DH_params.
/// </summary>
internal sealed class KeyExchange(KeyExchangeKey key, KeyExchangeGroup group, AuthKeys keys, TimeProvider clock, IRandomSource random)
{
    private byte[] _nonce = [];
    private byte[] _serverNonce = [];
    private byte[] _newNonce = [];
    private byte[] _aesKey = [];
    private byte[] _aesIv = [];

    /// <summary>Answers a message's body.</summary>
    /// <exception cref="InvalidDataException">A client of Telegram would not say this now.</exception>
    public byte[] Answer(ReadOnlySpan<byte> body)
    {
        var reader = new TlReader(body);
        return reader.Constructor() switch
        {
            Tl.ReqPq or Tl.ReqPqMulti => Begin(ref reader),
            Tl.ReqDhParams => GiveParameters(ref reader),
            Tl.SetClientDhParams => Finish(ref reader),
            var other => throw new InvalidDataException($"constructor {other:x8} does not belong to the key exchange"),
        };
    }

    private byte[] Begin(ref TlReader reader)
    {
        _nonce = reader.Raw(16).ToArray();
        _serverNonce = new byte[16];
        random.Fill(_serverNonce);
        return new TlWriter(Tl.ResPq)
            .Raw(_nonce).Raw(_serverNonce).Bytes(KeyExchangeGroup.Pq)
            .Int(unchecked((int)Tl.Vector)).Int(1).Long(key.Fingerprint)
            .ToArray();
    }

    private byte[] GiveParameters(ref TlReader reader)
    {
        ExpectNonces(ref reader);
        Expect(reader.Bytes().SequenceEqual(KeyExchangeGroup.P) && reader.Bytes().SequenceEqual(KeyExchangeGroup.Q), "p and q");
        Expect(reader.Long() == key.Fingerprint, "the key's fingerprint");
        ReadInnerData(key.Decrypt(reader.Bytes()));

        var inner = new TlWriter(Tl.ServerDhInnerData)
            .Raw(_nonce).Raw(_serverNonce).Int(KeyExchangeGroup.Generator)
            .Bytes(KeyExchangeGroup.Prime).Bytes(group.PublicValue)
            .Int((int)clock.GetUtcNow().ToUnixTimeSeconds())
            .ToArray();
        var plain = new TlWriter().Raw(Hash.Sha1(inner)).Raw(inner);
        var padding = new byte[(16 - (plain.Written.Length % 16)) % 16];
        random.Fill(padding);
        var answer = AesIge.Encrypt(plain.Raw(padding).Written, _aesKey, _aesIv);
        return new TlWriter(Tl.ServerDhParamsOk).Raw(_nonce).Raw(_serverNonce).Bytes(answer).ToArray();
    }

    private void ReadInnerData(ReadOnlySpan<byte> data)
    {
        var reader = new TlReader(data);
        Expect(
            reader.Constructor() is Tl.PqInnerData or Tl.PqInnerDataDc or Tl.PqInnerDataTemp or Tl.PqInnerDataTempDc,
            "p_q_inner_data");
        Expect(reader.Bytes().SequenceEqual(KeyExchangeGroup.Pq), "pq");
        Expect(reader.Bytes().SequenceEqual(KeyExchangeGroup.P) && reader.Bytes().SequenceEqual(KeyExchangeGroup.Q), "p and q");
        ExpectNonces(ref reader);
        _newNonce = reader.Raw(32).ToArray();

        // Key and IV of the answers: 20 + 12 and 8 + 20 + 4 bytes of three hashes over the nonces.
        var newServer = Hash.Sha1(_newNonce, _serverNonce);
        var serverNew = Hash.Sha1(_serverNonce, _newNonce);
        _aesKey = [.. newServer, .. serverNew.AsSpan(0, 12)];
        _aesIv = [.. serverNew.AsSpan(12), .. Hash.Sha1(_newNonce, _newNonce), .. _newNonce.AsSpan(0, 4)];
    }

    private byte[] Finish(ref TlReader reader)
    {
        ExpectNonces(ref reader);
        var plain = AesIge.Decrypt(reader.Bytes(), _aesKey, _aesIv);
        var inner = new TlReader(plain.AsSpan(20));
        Expect(inner.Constructor() == Tl.ClientDhInnerData, "client_DH_inner_data");
        ExpectNonces(ref inner);
        inner.Long();
        var authKey = new AuthKey(group.Agree(inner.Bytes()), Salt());
        Expect(Hash.Sha1(plain.AsSpan(20, plain.Length - 20 - inner.Rest.Length)).AsSpan().SequenceEqual(plain.AsSpan(0, 20)), "the hash");
        keys.Add(authKey);

        var hash = Hash.Sha1(_newNonce, [1], Hash.Sha1(authKey.Bytes).AsSpan(0, 8));
        return new TlWriter(Tl.DhGenOk).Raw(_nonce).Raw(_serverNonce).Raw(hash.AsSpan(4, 16)).ToArray();
    }

    private long Salt() => BitConverter.ToInt64(_newNonce) ^ BitConverter.ToInt64(_serverNonce);

    private void ExpectNonces(ref TlReader reader) =>
        Expect(_nonce.Length != 0 && reader.Raw(16).SequenceEqual(_nonce) && reader.Raw(16).SequenceEqual(_serverNonce), "the nonces");

    private static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"the key exchange goes wrong at {what}");
        }
    }
}
