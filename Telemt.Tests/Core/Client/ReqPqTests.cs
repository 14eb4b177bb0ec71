using System.Text.Json;
using Telemt.Core.Client;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Client;

internal sealed class ReqPqTests
{
    private static readonly JsonElement File = Vectors.Load("mtproto_req_pq");
    private static readonly byte[] Nonce = File.GetProperty("resPQ").Hex("nonce");

    private static byte[] Answer => File.GetProperty("resPQ").Hex("packet");

    [Test]
    public void WriteRequest_RecordedNonceAndTime_RecordedBytes()
    {
        var vector = File.GetProperty("req_pq_multi");
        var message = new byte[ReqPq.RequestSize];
        var clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(0x6553_5c00));
        ReqPq.WriteRequest(vector.Hex("nonce"), clock, message);

        Assert.That(message, Is.EqualTo(vector.Hex("packet")));
    }

    [Test]
    public void WriteRequest_BetweenSeconds_IdGrowsAndIsDivisibleBy4()
    {
        var clock = new ManualTimeProvider();
        var last = 0L;
        var message = new byte[ReqPq.RequestSize];
        for (var i = 0; i < 2500; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            ReqPq.WriteRequest(Nonce, clock, message);
            var id = BitConverter.ToInt64(message, 8);
            Assert.That(id % 4, Is.Zero);
            Assert.That(id, Is.GreaterThan(last));
            last = id;
        }
    }

    [TestCase(0)]
    [TestCase(15)]
    public void ReadAnswer_RecordedResPq_Ok(int padding) =>
        Assert.That(ReqPq.ReadAnswer([.. Answer, .. new byte[padding]], Nonce, out _), Is.EqualTo(ReqPqAnswer.Ok));

    [Test]
    public void ReadAnswer_OtherNonce_Told() =>
        Assert.That(ReqPq.ReadAnswer(Answer, new byte[16], out _), Is.EqualTo(ReqPqAnswer.WrongNonce));

    [TestCase(0)]
    [TestCase(12)]
    public void ReadAnswer_RecordedTransportErrors_Numbers(int padding)
    {
        foreach (var vector in File.GetProperty("transport_errors").EnumerateArray())
        {
            byte[] payload = [.. vector.Hex("packet_bytes"), .. new byte[padding]];

            Assert.That(ReqPq.ReadAnswer(payload, Nonce, out var error), Is.EqualTo(ReqPqAnswer.TransportError));
            Assert.That(error, Is.EqualTo(vector.GetProperty("code").GetInt32()));
        }
    }

    [TestCase(0, Description = "an encrypted message")]
    [TestCase(17, Description = "a length beyond the frame")]
    [TestCase(19, Description = "a negative length")]
    [TestCase(20, Description = "another constructor")]
    public void ReadAnswer_ByteChanged_Unexpected(int at)
    {
        var answer = Answer;
        answer[at] ^= 0x80;

        Assert.That(ReqPq.ReadAnswer(answer, Nonce, out _), Is.EqualTo(ReqPqAnswer.Unexpected));
    }

    [Test]
    public void ReadAnswer_CutAnywhere_NeverOk()
    {
        for (var length = 0; length < Answer.Length; length++)
        {
            Assert.That(ReqPq.ReadAnswer(Answer.AsSpan(0, length), Nonce, out _), Is.Not.EqualTo(ReqPqAnswer.Ok));
        }
    }
}
