using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Client;

internal sealed class LivenessProbeTests
{
    private static readonly Secret Key = new(Enumerable.Range(0, 16).Select(i => (byte)i).ToArray());

    public static IEnumerable<object?[]> Ways() =>
    [
        [null, ProtocolTag.Abridged],
        [null, ProtocolTag.Intermediate],
        [ClientSecret.Classic(Key), ProtocolTag.Abridged],
        [ClientSecret.Classic(Key), ProtocolTag.Intermediate],
        [ClientSecret.Secure(Key), ProtocolTag.PaddedIntermediate],
        [ClientSecret.Tls(Key, "example.org"), ProtocolTag.PaddedIntermediate],
    ];

    [TestCaseSource(nameof(Ways))]
    public void Probe_EveryMode_AnsweredInAnyPieces(object? secret, ProtocolTag tag)
    {
        foreach (var piece in new[] { int.MaxValue, 1, 3, 200 })
        {
            var proxy = new InMemoryProxy((ClientSecret?)secret);
            var probe = Make((ClientSecret?)secret, tag, -4);

            Assert.That(Run(probe, proxy, piece), Is.EqualTo(ProbeState.Answered), $"{probe.Failure} in pieces of {piece}");
            Assert.That((proxy.Tag, proxy.Dc), Is.EqualTo((tag, (short)-4)));
        }
    }

    [Test]
    public void Probe_ProxyWithAnotherSecret_HandshakeFails()
    {
        var proxy = new InMemoryProxy(ClientSecret.Tls(new Secret(new byte[16]), "example.org"));
        var probe = Make(ClientSecret.Tls(Key, "example.org"), ProtocolTag.PaddedIntermediate, 2);

        Assert.That(Run(probe, proxy, int.MaxValue), Is.EqualTo(ProbeState.Failed));
        Assert.That((probe.Failure, probe.HandshakeStatus), Is.EqualTo((ProbeFailure.Handshake, ServerFlightStatus.WrongDigest)));
    }

    public static IEnumerable<object[]> BadAnswers() =>
    [
        [(Func<byte[], byte[]>)(_ => [0x6c, 0xfe, 0xff, 0xff]), ProbeFailure.TransportError],
        [(Func<byte[], byte[]>)(_ => InMemoryProxy.ResPq(new byte[40])), ProbeFailure.WrongNonce],
        [(Func<byte[], byte[]>)(request => request), ProbeFailure.UnexpectedAnswer],
        [(Func<byte[], byte[]>)(_ => new byte[8192]), ProbeFailure.Garbled],
    ];

    [TestCaseSource(nameof(BadAnswers))]
    public void Probe_AnythingButOurResPq_FailsByName(object answer, object failure)
    {
        var proxy = new InMemoryProxy(null) { Answer = (Func<byte[], byte[]>)answer };
        var probe = Make(null, ProtocolTag.Intermediate, 2);

        Assert.That(Run(probe, proxy, int.MaxValue), Is.EqualTo(ProbeState.Failed));
        Assert.That(probe.Failure, Is.EqualTo(failure));
        Assert.That(probe.TransportError, Is.EqualTo((ProbeFailure)failure == ProbeFailure.TransportError ? -404 : 0));
    }

    private static LivenessProbe Make(ClientSecret? secret, ProtocolTag tag, short dc) =>
        new(secret, tag, dc, new SeededRandom(5), new ManualTimeProvider());

    private static ProbeState Run(LivenessProbe probe, InMemoryProxy proxy, int piece)
    {
        for (var output = probe.Output; !output.IsEmpty; output = probe.Output)
        {
            foreach (var part in proxy.Receive(output.Span).Chunk(piece))
            {
                probe.Receive(part);
            }
        }

        return probe.State;
    }
}
