using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Wire;

public sealed class TlsRecordReaderTests
{
    private static readonly byte[] ChangeCipherSpec = [0x14, 3, 3, 0, 1, 1];

    [Test]
    public void Unwrap_RecordedClient_GivesItsPayloads()
    {
        var transcript = Vectors.Load("faketls_server_reply").GetProperty("transcript");
        var wire = transcript.Hex("client_bytes");
        var payload = Payloads(wire);

        Assert.That(Unwrap(wire, wire.Length).Payload, Is.EqualTo(payload));
        Assert.That(payload.Length, Is.EqualTo(115 + 2878 + 2878 + 2251 + 83));
    }

    [Test]
    public void Unwrap_RecordedClient_CutAtEachOffsetOrByteByByte_GivesTheSame()
    {
        var wire = Vectors.Load("faketls_server_reply").GetProperty("transcript").Hex("client_bytes");
        var payload = Payloads(wire);
        for (var cut = 0; cut <= wire.Length; cut++)
        {
            Assert.That(Unwrap(wire, cut).Payload.AsSpan().SequenceEqual(payload), Is.True, $"cut at {cut}");
        }

        Assert.That(Unwrap(wire, [.. Enumerable.Range(0, wire.Length)]).Payload, Is.EqualTo(payload));
    }

    [Test]
    public void Unwrap_AnyRecordsInAnyCut_GivesTheSame()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<NonNegativeInt[]>(),
            ArbMap.Default.ArbFor<NonNegativeInt[]>(),
            (lengths, cuts) =>
            {
                var random = new Random(lengths.Length);
                var (wire, payload) = (new List<byte>(), new List<byte>());
                foreach (var length in lengths)
                {
                    var record = new byte[(length.Get * 61 % 3000) + 1];
                    random.NextBytes(record);
                    wire.AddRange([0x17, 3, 3, (byte)(record.Length >> 8), (byte)record.Length, .. record]);
                    payload.AddRange(record);
                }

                int[] at = [.. cuts.Select(cut => cut.Get * 97 % (wire.Count + 1)).Order()];
                return Unwrap([.. wire], at).Payload.AsSpan().SequenceEqual(payload.ToArray());
            }).QuickCheckThrowOnFailure();

    [TestCase(1)]
    [TestCase(16_384)]
    [TestCase(16_640)]
    public void Unwrap_LengthsOfTls_ArePayload(int length)
    {
        byte[] wire = [0x17, 3, 3, (byte)(length >> 8), (byte)length, .. Enumerable.Repeat((byte)7, length)];
        var (payload, state) = Unwrap(wire, wire.Length);
        Assert.Multiple(() =>
        {
            Assert.That(payload, Has.Length.EqualTo(length));
            Assert.That(state, Is.EqualTo(TlsStreamState.Open));
        });
    }

    [TestCase("1703030000", TestName = "Unwrap(empty record)")]
    [TestCase("1703034101", TestName = "Unwrap(16,641 bytes)")]
    [TestCase("16", TestName = "Unwrap(handshake)")]
    [TestCase("18", TestName = "Unwrap(heartbeat)")]
    [TestCase("1702", TestName = "Unwrap(major version)")]
    [TestCase("170301", TestName = "Unwrap(minor version)")]
    [TestCase("1403030000", TestName = "Unwrap(empty ChangeCipherSpec)")]
    [TestCase("1403030002", TestName = "Unwrap(ChangeCipherSpec of two)")]
    [TestCase("140303000100", TestName = "Unwrap(ChangeCipherSpec of 0)")]
    public void Unwrap_WhatNoClientSends_BreaksAtThatByteAndKeepsWhatCameBefore(string hex)
    {
        byte[] before = [.. ChangeCipherSpec, 0x17, 3, 3, 0, 2, 8, 9];
        var bad = Convert.FromHexString(hex);
        byte[] good = [0x17, 3, 3, 0, 1, 5];
        for (var cut = 0; cut <= before.Length + bad.Length; cut++)
        {
            var (payload, state) = Unwrap([.. before, .. bad, .. good], cut);
            Assert.That(payload, Is.EqualTo((byte[])[8, 9]));
            Assert.That(state, Is.EqualTo(TlsStreamState.Broken));
        }

        byte[] almost = [.. before, .. bad[..^1]];
        Assert.That(Unwrap(almost, almost.Length).State, Is.EqualTo(TlsStreamState.Open), "not before the last byte");
    }

    [Test]
    public void Unwrap_Alert_EndsTheStreamAndNothingBehindItCounts()
    {
        var (payload, state) = Unwrap([0x17, 3, 3, 0, 1, 5, 0x15, 3, 3, 0, 2, 1, 0, 0x17, 3, 3, 0, 1, 6], 0);
        Assert.Multiple(() =>
        {
            Assert.That(payload, Is.EqualTo((byte[])[5]));
            Assert.That(state, Is.EqualTo(TlsStreamState.Closed));
        });
    }

    [Test]
    public void Unwrap_ChangeCipherSpecs_AreSkippedUpToTheBound()
    {
        byte[] wire = [.. Enumerable.Repeat(ChangeCipherSpec, 16).SelectMany(b => b), 0x17, 3, 3, 0, 1, 5];
        Assert.Multiple(() =>
        {
            Assert.That(Unwrap(wire, 3).Payload, Is.EqualTo((byte[])[5]));
            Assert.That(Unwrap([.. wire, .. ChangeCipherSpec], 3).State, Is.EqualTo(TlsStreamState.Broken));
        });
    }

    [Test]
    public void TryNext_Limit_StopsWithinARecordAndGoesOn()
    {
        byte[] wire = [0x17, 3, 3, 0, 3, 1, 2, 3, 0x17, 3, 3, 0, 1, 4];
        var reader = default(TlsRecordReader);
        var read = 0;
        Assert.That(reader.TryNext(wire, ref read, 2, out var piece), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(wire[piece], Is.EqualTo((byte[])[1, 2]));
            Assert.That(read, Is.EqualTo(7));
        });

        var rest = wire[read..];
        Assert.That(rest[..reader.Unwrap(rest)], Is.EqualTo((byte[])[3, 4]));
    }

    [Test]
    public void Unwrap_RandomBytes_NeverThrowsAndGivesTheSameInAnyCut()
    {
        var random = new Random(11);
        byte[][] pieces = [[0x17, 3, 3, 0, 4, 1, 2, 3, 4], ChangeCipherSpec, [0x15, 3, 3], [0x17, 3, 3, 1], [0], [0x17, 3]];
        for (var round = 0; round < 20_000; round++)
        {
            byte[] wire = [.. Enumerable.Range(0, random.Next(8)).SelectMany(_ => pieces[random.Next(pieces.Length)])];
            int[] cuts = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(wire.Length + 1)).Order()];
            var whole = Unwrap(wire, wire.Length);
            var cut = Unwrap(wire, cuts);
            Assert.That(cut.Payload, Is.EqualTo(whole.Payload));
            Assert.That(cut.State, Is.EqualTo(whole.State));
        }
    }

    /// <summary>Feeds the chunks between the cuts to one reader.</summary>
    private static (byte[] Payload, TlsStreamState State) Unwrap(byte[] wire, params int[] cuts)
    {
        var reader = default(TlsRecordReader);
        var payload = new List<byte>();
        var start = 0;
        foreach (var end in cuts.Append(wire.Length))
        {
            var chunk = wire[start..end];
            payload.AddRange(chunk.AsSpan(0, reader.Unwrap(chunk)));
            start = end;
        }

        return ([.. payload], reader.State);
    }

    /// <summary>The plain version: whole records from a whole stream.</summary>
    private static byte[] Payloads(byte[] wire)
    {
        var payload = new List<byte>();
        for (var at = 0; at < wire.Length;)
        {
            var length = (wire[at + 3] << 8) | wire[at + 4];
            if (wire[at] == 0x17)
            {
                payload.AddRange(wire.AsSpan(at + 5, length));
            }

            at += 5 + length;
        }

        return [.. payload];
    }
}
