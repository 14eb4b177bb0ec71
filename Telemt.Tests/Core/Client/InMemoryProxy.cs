using System.Security.Cryptography;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Client;

/// <summary>The plainest thing that answers like proxy and DC together: bytes in, bytes out. The oracle that our client is tested with.</summary>
internal sealed class InMemoryProxy(ClientSecret? secret)
{
    private readonly List<byte> _pending = [];
    private readonly SeededRandom _random = new(77);
    private bool _greeted;
    private AesCtr? _up;
    private AesCtr? _down;
    private FrameReader? _reader;

    public ProtocolTag Tag { get; private set; }

    public short Dc { get; private set; }

    /// <summary>What to answer to a message.</summary>
    public Func<byte[], byte[]> Answer { get; init; } = ResPq;

    /// <summary>The answer to req_pq_multi: PROTOCOL G.</summary>
    public static byte[] ResPq(byte[] request) =>
    [
        .. new byte[8], .. BitConverter.GetBytes(1L), 64, 0, 0, 0, 0x63, 0x24, 0x16, 0x05, .. request[24..40], .. new byte[16],
        8, 0x17, 0xed, 0x48, 0x94, 0x1a, 0x08, 0xf9, 0x81, 0, 0, 0, 0x15, 0xc4, 0xb5, 0x1c, 1, 0, 0, 0, .. new byte[8],
    ];

    public byte[] Receive(ReadOnlySpan<byte> bytes)
    {
        _pending.AddRange(bytes);
        if (secret?.Mode != ClientMode.Tls)
        {
            var all = _pending.ToArray();
            _pending.Clear();
            return Inner(all);
        }

        if (!_greeted)
        {
            var hello = _pending.ToArray();
            if (hello.Length < 5 || hello.Length < 5 + ((hello[3] << 8) | hello[4]))
            {
                return [];
            }

            _pending.Clear();
            _greeted = true;
            return Flight(hello, secret.Key);
        }

        var output = new List<byte>();
        while (_pending.Count >= 5 && _pending.Count >= 5 + ((_pending[3] << 8) | _pending[4]))
        {
            var size = (_pending[3] << 8) | _pending[4];
            var inner = _pending[0] == 0x17 ? Inner([.. _pending.Skip(5).Take(size)]) : [];
            _pending.RemoveRange(0, 5 + size);
            output.AddRange(inner.Length == 0 ? [] : (byte[])[0x17, 3, 3, (byte)(inner.Length >> 8), (byte)inner.Length, .. inner]);
        }

        return [.. output];
    }

    private static byte[] Flight(byte[] hello, Secret key)
    {
        byte[] extensions = [0x00, 0x2b, 0x00, 0x02, 0x03, 0x04, 0x00, 0x33, 0x00, 0x24, 0x00, 0x1d, 0x00, 0x20, .. new byte[32]];
        byte[] flight =
        [
            0x16, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3, .. new byte[32], 32, .. hello[44..76], 0x13, 0x01, 0, 0, 46, .. extensions,
            0x14, 3, 3, 0, 1, 1, 0x17, 3, 3, 4, 0, .. new byte[1024],
        ];
        HMACSHA256.HashData(key.Bytes, [.. hello[11..43], .. flight]).CopyTo(flight, 11);
        return flight;
    }

    private byte[] Inner(byte[] bytes)
    {
        var output = new List<byte>();
        ReadOnlySpan<byte> input = bytes;
        if (_reader is null)
        {
            var header = bytes[..64];
            var (key, iv) = (new byte[32], new byte[16]);
            HandshakeKeys.ClientToServer(header, secret?.Key, key, iv);
            _up = new AesCtr(key, iv);
            HandshakeKeys.ServerToClient(header, secret?.Key, key, iv);
            _down = new AesCtr(key, iv);
            _up.Transform(bytes);
            Assert.That(ObfuscatedHeader.TryReadPlain(bytes, out var tag, out var dc));
            (Tag, Dc) = (tag, dc);
            _reader = new FrameReader(Framing.For(tag), FrameSource.Client);
            input = bytes.AsSpan(64);
        }
        else
        {
            _up!.Transform(bytes);
        }

        while (_reader.Step(ref input) == FrameStep.Frame)
        {
            var answer = Answer(_reader.Payload.ToArray());
            var frame = new byte[answer.Length + Framing.MaxOverhead];
            frame = frame[..Framing.For(Tag).Write(answer, false, _random, frame)];
            _down!.Transform(frame);
            output.AddRange(frame);
        }

        return [.. output];
    }
}
