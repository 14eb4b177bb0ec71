using System.Globalization;
using System.Text.Json;
using Telemt.Core;
using Telemt.Core.Middle;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Middle;

internal sealed class RpcMessageTests
{
    public static IEnumerable<JsonElement> Requests() => Vectors.Load("middle_proxy_rpc").GetProperty("proxy_req").EnumerateArray();

    public static IEnumerable<JsonElement> Answers() => Vectors.Load("middle_proxy_rpc").GetProperty("answers").EnumerateArray();

    [TestCaseSource(nameof(Requests))]
    public void Request_Recorded_Same(JsonElement vector)
    {
        var request = new ProxyRequest(
            Id(vector.GetProperty("conn_id")),
            new ClientAddress(MiddleVectors.EndPoint(vector.GetProperty("client").GetString()!)),
            MiddleVectors.EndPoint(vector.GetProperty("our").GetString()!),
            Tag(vector.GetProperty("framing").GetString()!),
            vector.Hex("proxy_tag"));
        var message = vector.Hex("message");

        Assert.That(Write(request, message, vector.GetProperty("quick_ack").GetBoolean()), Is.EqualTo(vector.Hex("rpc")));
    }

    [Test]
    public void Request_OfTheOfficialServer_SameButForThePaddedBit()
    {
        var seen = 0;
        foreach (var recorded in Vectors.Load("middle_proxy_rpc").GetProperty("official_server_messages").EnumerateArray())
        {
            var rpc = recorded.Hex("rpc");
            if (BitConverter.ToUInt32(rpc) != RpcType.ProxyRequest)
            {
                continue;
            }

            seen++;
            var flags = BitConverter.ToUInt32(rpc, 4);
            var hasTag = (flags & ProxyRequest.HasTag) != 0;
            var size = hasTag ? ProxyRequest.SizeWithTag : ProxyRequest.SizeWithoutTag;
            var request = new ProxyRequest(
                BitConverter.ToInt64(rpc, 8),
                new ClientAddress(rpc.AsSpan(16, 16), (ushort)BitConverter.ToInt32(rpc, 32)),
                new System.Net.IPEndPoint(new ClientAddress(rpc.AsSpan(36, 16), 1).ToIPAddress(), BitConverter.ToInt32(rpc, 52)),
                (flags & ProxyRequest.Abridged) != 0 ? ProtocolTag.Abridged : ProtocolTag.Intermediate,
                hasTag ? rpc.AsSpan(65, 16) : default);

            Assert.That(Write(request, rpc[size..], (flags & ProxyRequest.QuickAck) != 0), Is.EqualTo(rpc));
        }

        Assert.That(seen, Is.GreaterThan(10));
    }

    [TestCaseSource(nameof(Answers))]
    public void Read_Recorded_SameMeaning(JsonElement vector)
    {
        var rpc = vector.Hex("rpc");
        var name = vector.GetProperty("name").GetString()!.Split(' ')[0];

        Assert.That(RpcMessage.TryRead(rpc, out var message), Is.True);
        switch (name)
        {
            case "RPC_PROXY_ANS":
                Assert.That((message.Kind, message.Id), Is.EqualTo((RpcKind.Answer, 77L)));
                Assert.That(message.Data.ToArray(), Is.EqualTo(Convert.FromHexString(vector.GetProperty("mtprotoproxy_returns").GetString()!)));
                break;
            case "RPC_SIMPLE_ACK":
                Assert.That((message.Kind, message.Id), Is.EqualTo((RpcKind.SimpleAck, 77L)));
                Assert.That(message.Data.ToArray(), Is.EqualTo((byte[])[0xf1, 0xe2, 0xd3, 0x84]));
                break;
            case "RPC_CLOSE_EXT":
                Assert.That((message.Kind, message.Id), Is.EqualTo((RpcKind.CloseExternal, 77L)));
                break;
            default:
                var type = name switch { "RPC_PING" => RpcType.Ping, "RPC_PONG" => RpcType.Pong, _ => RpcType.CloseConnection };
                var written = new byte[RpcMessage.ShortSize];
                RpcMessage.WriteShort(type, message.Id, written);
                Assert.That(written, Is.EqualTo(rpc));
                break;
        }
    }

    [Test]
    public void Read_EveryLength_AsItsTypeAllows()
    {
        foreach (var (type, fits) in new (uint, Func<int, bool>)[]
        {
            (RpcType.ProxyAnswer, length => length > 16),
            (RpcType.SimpleAck, length => length == 16),
            (RpcType.CloseExternal, length => length == 12),
            (RpcType.CloseConnection, length => length == 12),
            (RpcType.Ping, length => length == 12),
            (RpcType.Pong, length => length == 12),
            (0x12345678, _ => true),
        })
        {
            for (var length = 4; length <= 64; length += 4)
            {
                var body = new byte[length];
                BitConverter.TryWriteBytes(body, type);
                Assert.That(RpcMessage.TryRead(body, out _), Is.EqualTo(fits(length)), $"{type:x8}, {length} bytes");
            }
        }

        Assert.That(RpcMessage.TryRead(default, out _), Is.False);
    }

    [Test]
    public void Read_Noise_NeverThrows()
    {
        var types = new[] { RpcType.ProxyAnswer, RpcType.SimpleAck, RpcType.CloseExternal, RpcType.Ping, 0u };
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var body = new byte[random.Next(0, 80)];
            random.NextBytes(body);
            _ = BitConverter.TryWriteBytes(body, types[seed % types.Length]);
            Assert.That(() => RpcMessage.TryRead(body, out _), Throws.Nothing);
            Assert.That(() => ClientMessage.IsFit(body), Throws.Nothing);
        }
    }

    [TestCase(24, 0, false)]
    [TestCase(52, 0, false)]
    [TestCase(56, 0, true)]
    [TestCase(58, 0, false)]
    public void ClientMessage_Encrypted_FitFrom56Bytes(int length, int ignored, bool fit)
    {
        _ = ignored;
        var message = new byte[length];
        message[3] = 1;

        Assert.That(ClientMessage.IsFit(message), Is.EqualTo(fit));
    }

    [TestCase(20, 0xbe7e8ef1u, 40, true)]
    [TestCase(20, 0x60469778u, 40, true)]
    [TestCase(20, 0xd712e4beu, 44, true)]
    [TestCase(20, 0xf5045f1fu, 40, true)]
    [TestCase(21, 0xbe7e8ef1u, 40, false)]
    [TestCase(19, 0xbe7e8ef1u, 40, false)]
    [TestCase(-1, 0xbe7e8ef1u, 40, false)]
    [TestCase(20, 0x12345678u, 40, false)]
    public void ClientMessage_NotEncrypted_OnlyAKeyExchange(int inner, uint function, int length, bool fit)
    {
        var message = new byte[length];
        BitConverter.TryWriteBytes(message.AsSpan(16), inner);
        BitConverter.TryWriteBytes(message.AsSpan(20), function);

        Assert.That(ClientMessage.IsFit(message), Is.EqualTo(fit));
    }

    private static byte[] Write(ProxyRequest request, byte[] message, bool quickAck)
    {
        var body = new byte[request.Size + message.Length];
        request.Write(message, quickAck, body);
        return body;
    }

    private static ProtocolTag Tag(string framing) => framing switch
    {
        "abridged" => ProtocolTag.Abridged,
        "intermediate" => ProtocolTag.Intermediate,
        _ => ProtocolTag.PaddedIntermediate,
    };

    private static long Id(JsonElement id) => id.ValueKind == JsonValueKind.Number
        ? id.GetInt64()
        : long.Parse(id.GetString()!.Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
