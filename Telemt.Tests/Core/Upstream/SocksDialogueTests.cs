using System.Net;
using System.Text.Json;
using Telemt.Core.Settings;
using Telemt.Core.Upstream;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Upstream;

/// <summary>Against the exchanges of an independent client, whole, split anywhere, byte by byte, and with noise.</summary>
internal sealed class SocksDialogueTests
{
    private static readonly EndPoint Target = new IPEndPoint(IPAddress.Parse("149.154.167.51"), 443);

    private static IEnumerable<TestCaseData> Exchanges => Vectors.Load("socks").GetProperty("vectors").EnumerateArray()
        .Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Exchanges))]
    public void Exchange_OfAnotherClient_IsOursByteForByte(JsonElement vector)
    {
        // Pieces of 1 are byte by byte; the last is larger than any answer.
        foreach (var piece in Enumerable.Range(1, SocksDialogue.MaxReply))
        {
            var dialogue = Of(vector);
            foreach (var step in vector.GetProperty("exchange").EnumerateArray())
            {
                Assert.That(dialogue.Output.ToArray(), Is.EqualTo(step.Hex("client")));
                var left = Feed(dialogue, step.Hex("server"), piece);
                Assert.That(left == 0 || dialogue.Status == SocksStatus.Failed, $"{left} bytes of the answer were not asked for");
            }

            Assert.That(dialogue.Status, Is.EqualTo(vector.GetProperty("client_connected").GetBoolean() ? SocksStatus.Connected : SocksStatus.Failed));
            Assert.That(dialogue.Output.IsEmpty && dialogue.Wanted == 0);
            Assert.That(dialogue.Explain().Length > 0, Is.EqualTo(dialogue.Status == SocksStatus.Failed));
        }
    }

    [TestCase("SOCKS5 no auth, IPv4", "192.0.2.1:8080")]
    [TestCase("SOCKS5 IPv6 bound address in the reply", "[2001:db8::1]:443")]
    [TestCase("SOCKS5 domain bound address in the reply", "Unspecified/host:443")]
    [TestCase("SOCKS4 IPv4", null)]
    public void Bound_IsWhatTheServerSays(string name, string? bound)
    {
        var vector = Vectors.Load("socks").GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
        var dialogue = Of(vector);
        foreach (var step in vector.GetProperty("exchange").EnumerateArray())
        {
            Feed(dialogue, step.Hex("server"), 1);
        }

        Assert.That(dialogue.Bound?.ToString(), Is.EqualTo(bound));
    }

    [TestCase("05ff", SocksFailure.NoMethod, true, "wants a user and a password")]
    [TestCase("0502", SocksFailure.NoMethod, true, "wants a user and a password")]
    [TestCase("4854", SocksFailure.NotSocks, true, "no SOCKS5 server answers there")]
    [TestCase("0500 0503", SocksFailure.Refused, false, "SOCKS reply 3: network unreachable")]
    [TestCase("0500 0507", SocksFailure.Refused, true, "SOCKS reply 7: command not supported")]
    [TestCase("0500 05fe", SocksFailure.Refused, false, "SOCKS reply 254: unknown code")]
    [TestCase("0500 0400", SocksFailure.NotSocks, true, "no SOCKS5 server answers there")]
    [TestCase("0500 05000005", SocksFailure.NotSocks, true, "no SOCKS5 server answers there")]
    public void Socks5_AnswersThatFail_AreNamedByTheirCause(string answers, SocksFailure failure, bool isServers, string words)
    {
        var dialogue = new SocksDialogue(Settings(UpstreamKind.Socks5), Target);
        foreach (var answer in answers.Split(' '))
        {
            Feed(dialogue, Convert.FromHexString(answer), 1);
        }

        Assert.Multiple(() =>
        {
            Assert.That((dialogue.Status, dialogue.Failure, dialogue.IsServerFault), Is.EqualTo((SocksStatus.Failed, failure, isServers)));
            Assert.That(dialogue.Explain(), Does.Contain(words));
        });
    }

    [TestCase("005b000000000000", SocksFailure.Refused, false, "SOCKS reply 91: rejected or failed")]
    [TestCase("005d000000000000", SocksFailure.Refused, true, "our identd names another user")]
    [TestCase("485454502f312e31", SocksFailure.NotSocks, true, "no SOCKS4 server answers there")]
    public void Socks4_AnswersThatFail_AreNamedByTheirCause(string answer, SocksFailure failure, bool isServers, string words)
    {
        var dialogue = new SocksDialogue(Settings(UpstreamKind.Socks4), Target);
        Feed(dialogue, Convert.FromHexString(answer), 8);

        Assert.Multiple(() =>
        {
            Assert.That((dialogue.Status, dialogue.Failure, dialogue.IsServerFault), Is.EqualTo((SocksStatus.Failed, failure, isServers)));
            Assert.That(dialogue.Explain(), Does.Contain(words));
        });
    }

    /// <summary>What the target says right behind the server's reply stays in the socket.</summary>
    [Test]
    public void Wanted_NeverReachesBeyondTheReply([Values("01c00002011f90", "0304686f737401bb", "030001bb", "0420010db800000000000000000000000101bb")] string bound)
    {
        var dialogue = new SocksDialogue(Settings(UpstreamKind.Socks5), Target);
        Feed(dialogue, [5, 0], 2);
        var reply = Convert.FromHexString("050000" + bound);
        byte[] stream = [.. reply, 0xee, 0xee, 0xee];

        Assert.That(Feed(dialogue, stream, 1000), Is.EqualTo(3));
        Assert.That(dialogue.Status, Is.EqualTo(SocksStatus.Connected));
    }

    [Test]
    public void Receive_Noise_EndsInsideTheLongestAnswer([Values(UpstreamKind.Socks4, UpstreamKind.Socks5)] UpstreamKind kind)
    {
        var random = new Random(4);
        for (var round = 0; round < 20_000; round++)
        {
            var dialogue = new SocksDialogue(Settings(kind) with { Username = kind == UpstreamKind.Socks5 ? "u" : null, Password = "p" }, Target);
            var taken = 0;
            while (dialogue.Status == SocksStatus.Talking)
            {
                var bytes = new byte[Math.Min(dialogue.Wanted, random.Next(1, 20))];
                random.NextBytes(bytes);

                // Likely values, or hardly a dialogue would get beyond its first answer.
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = random.Next(4) == 0 ? bytes[i] : (byte)random.Next(6);
                }

                taken += bytes.Length;
                dialogue.Receive(bytes);
                Assert.That(taken, Is.LessThanOrEqualTo(2 + 2 + SocksDialogue.MaxReply));
            }
        }
    }

    private static SocksDialogue Of(JsonElement vector)
    {
        var (proxy, destination) = (vector.GetProperty("proxy"), vector.GetProperty("destination"));
        var kind = proxy.GetProperty("type").GetInt32() == 5 ? UpstreamKind.Socks5 : UpstreamKind.Socks4;
        var user = proxy.TryGetProperty("userId", out var id) ? id.GetString() : null;
        var settings = Settings(kind) with
        {
            Username = kind == UpstreamKind.Socks5 ? user : null,
            UserId = kind == UpstreamKind.Socks4 ? user : null,
            Password = proxy.TryGetProperty("password", out var password) ? password.GetString() : null,
        };
        var (host, port) = (destination.GetProperty("host").GetString()!, destination.GetProperty("port").GetInt32());
        return new SocksDialogue(settings, IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port));
    }

    private static UpstreamSettings Settings(UpstreamKind kind) =>
        new() { Name = "a", Kind = kind, Server = new DnsEndPoint("socks.example.org", 1080) };

    /// <returns>Bytes that it did not want.</returns>
    private static int Feed(SocksDialogue dialogue, ReadOnlySpan<byte> answer, int piece)
    {
        while (!answer.IsEmpty && dialogue.Wanted > 0)
        {
            var size = Math.Min(Math.Min(piece, dialogue.Wanted), answer.Length);
            dialogue.Receive(answer[..size]);
            answer = answer[size..];
        }

        return answer.Length;
    }
}
