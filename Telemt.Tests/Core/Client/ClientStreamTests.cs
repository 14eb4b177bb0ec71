using Telemt.Core.Client;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Client;

internal sealed class ClientStreamTests
{
    /// <summary>What a server of fake TLS makes of the client's bytes: the payloads of the data records, joined.</summary>
    private static byte[] Unwrap(ReadOnlySpan<byte> wire, List<int> sizes)
    {
        var payload = new List<byte>();
        while (!wire.IsEmpty)
        {
            var size = (wire[3] << 8) | wire[4];
            Assert.That(wire[1..3].ToArray(), Is.EqualTo(new byte[] { 3, 3 }));
            sizes.Add(wire[0] == 0x17 ? size : -wire[0]);
            payload.AddRange(wire[0] == 0x17 ? wire.Slice(5, size) : []);
            wire = wire[(5 + size)..];
        }

        return [.. payload];
    }

    [Test]
    public void Seal_Tls_FirstWriteHasChangeCipherSpecHeaderAndPayload()
    {
        var (stream, header, up, _) = Make(tls: true);
        var payload = Bytes(10_000, 1);
        var wire = Seal(stream, payload);
        var sizes = new List<int>();
        var inner = Unwrap(wire, sizes);
        up.Transform(inner.AsSpan(64));

        Assert.That(sizes, Is.EqualTo(new[] { -0x14, 2878, 2878, 2878, 10_064 - (3 * 2878) }));
        Assert.That(inner[..64], Is.EqualTo(header));
        Assert.That(inner[64..], Is.EqualTo(payload));
    }

    [Test]
    public void Seal_AnyPieces_OneStreamAndNoMoreThanPromised([Values] bool tls)
    {
        var random = new Random(3);
        var (stream, header, up, _) = Make(tls);
        var (wire, expected) = (new List<byte>(), new List<byte>());
        for (var i = 0; i < 200; i++)
        {
            var payload = Bytes(random.Next(3) == 0 ? 0 : random.Next(9000), i);
            expected.AddRange(payload);
            wire.AddRange(Seal(stream, payload));
        }

        var inner = tls ? Unwrap(wire.ToArray(), []) : [.. wire];
        up.Transform(inner.AsSpan(64));

        Assert.That(inner[..64], Is.EqualTo(header));
        Assert.That(inner[64..], Is.EqualTo(expected));
    }

    [Test]
    public void Open_AnyPieces_TheServersPayload([Values] bool tls)
    {
        var random = new Random(4);
        var (stream, _, _, down) = Make(tls);
        var payload = Bytes(60_000, 2);
        var wire = payload.ToArray();
        down.Transform(wire);
        wire = tls ? Wrap(wire, 1, 16_384, 5, 16_640, 20_000, 6_970) : wire;
        var opened = new List<byte>();
        for (var at = 0; at < wire.Length;)
        {
            var chunk = wire[at..Math.Min(wire.Length, at + random.Next(1, random.Next(2) == 0 ? 7 : 9000))];
            at += chunk.Length;
            var length = stream.Open(chunk);
            opened.AddRange(chunk[..length]);
        }

        Assert.That(opened, Is.EqualTo(payload));
    }

    [TestCase("140303000101")]
    [TestCase("15030300020100")]
    [TestCase("1703030000")]
    [TestCase("1702030001aa")]
    [TestCase("1703040001aa")]
    public void Open_WhatClientsRefuse_BrokenForGood(string hex)
    {
        var (stream, _, _, _) = Make(tls: true);

        Assert.That(stream.Open(Convert.FromHexString("1703030001aa" + hex)), Is.EqualTo(-1));
        Assert.That(stream.Open(Convert.FromHexString("1703030001aa")), Is.EqualTo(-1));
    }

    [Test]
    public void SealAndOpen_Steadily_AllocateNothing([Values] bool tls)
    {
        var (stream, _, _, _) = Make(tls);
        var payload = Bytes(16_384, 1);
        var buffer = new byte[ClientStream.MaxSealedSize(payload.Length)];
        var chunk = tls ? Wrap(payload, payload.Length) : payload;
        stream.Seal(payload, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            stream.Seal(payload, buffer);
            chunk.CopyTo(buffer, 0);
            stream.Open(buffer.AsSpan(0, chunk.Length));
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void ProxyClient_RecordedTranscriptOfTdlib_ServerBytesDecrypt()
    {
        var transcript = Vectors.Load("faketls_server_reply").GetProperty("transcript");
        var stream = new ClientStream(
            new AesCtr(transcript.Hex("client_stream_key"), transcript.Hex("client_stream_iv")),
            new AesCtr(transcript.Hex("server_stream_key"), transcript.Hex("server_stream_iv")),
            new byte[64],
            tls: true);
        var bytes = transcript.Hex("server_bytes");
        var length = stream.Open(bytes);

        Assert.That(bytes[..length], Is.EqualTo(transcript.Hex("server_frame")));
    }

    private static (ClientStream Stream, byte[] Header, AesCtr Up, AesCtr Down) Make(bool tls)
    {
        var header = new byte[64];
        var secret = new Secret(Bytes(16, 9));
        var (up, down) = ObfuscatedHeader.WriteOutgoing(new SeededRandom(1), secret, ProtocolTag.PaddedIntermediate, 2, header);
        var (serverUp, serverDown) = ObfuscatedHeader.WriteOutgoing(new SeededRandom(1), secret, ProtocolTag.PaddedIntermediate, 2, new byte[64]);
        return (new ClientStream(up, down, header.ToArray(), tls), header, serverUp, serverDown);
    }

    private static byte[] Seal(ClientStream stream, byte[] payload)
    {
        var buffer = new byte[ClientStream.MaxSealedSize(payload.Length)];
        return buffer[..stream.Seal(payload, buffer)];
    }

    private static byte[] Wrap(byte[] payload, params int[] sizes)
    {
        var wire = new List<byte>();
        var at = 0;
        foreach (var size in sizes)
        {
            wire.AddRange([0x17, 3, 3, (byte)(size >> 8), (byte)size, .. payload.AsSpan(at, size)]);
            at += size;
        }

        Assert.That(at, Is.EqualTo(payload.Length));
        return [.. wire];
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new SeededRandom(seed).Fill(bytes);
        return bytes;
    }
}
