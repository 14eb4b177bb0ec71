using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

internal sealed class HelloPrintTests
{
    [Test]
    public void Of_OneClientsHellos_IsOneWhateverIsDrawn([Values] HelloStyle style)
    {
        var prints = Enumerable.Range(0, 50).Select(seed => PrintOf(ProbeHello.Write(style, seed % 2 == 0 ? "a.example" : "www.example.org", new SeededRandom(seed))));
        Assert.That(prints.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Of_OtherOffers_IsAnother()
    {
        var hellos = new List<byte[]>();
        foreach (var style in Enum.GetValues<HelloStyle>())
        {
            hellos.Add(ProbeHello.Write(style, "www.example.com", new SeededRandom(1)));
        }

        hellos.Add(new TestHello().Build());
        hellos.Add(new TestHello { SessionId = [] }.Build());
        hellos.Add(new TestHello { Suites = [0x13, 0x02, 0x13, 0x01, 0x13, 0x03, 0xc0, 0x2b] }.Build());
        hellos.Add(Changed(0x0010, [0, 9, 8, .. "http/1.1"u8]));
        hellos.Add(Changed(0x000a, [0, 2, 0, 0x1d]));
        hellos.Add(Changed(0x0033, TestHello.KeyShares((0x001d, 32))));
        hellos.Add(Changed(0x002b, [2, 3, 4]));
        Assert.That(hellos.Select(PrintOf).Distinct().Count(), Is.EqualTo(hellos.Count));
    }

    [Test]
    public void Of_RecordedClients_IsTheSameForOneImplementationAndAnotherForTheNext()
    {
        var prints = Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray()
            .ToLookup(vector => vector.GetProperty("name").GetString()!.Split(' ')[0], vector => PrintOf(vector.Hex("client_hello")));
        Assert.That(prints["mtcute"].Distinct().Count(), Is.EqualTo(1));
        Assert.That(prints.SelectMany(print => print).Distinct().Count(), Is.GreaterThan(3));
    }

    [Test]
    public void Like_RecordedHello_MakesTheSameOfferWithNothingOfTheClients()
    {
        foreach (var vector in Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray())
        {
            var record = vector.Hex("client_hello");
            var like = ProbeHello.Like(record, new SeededRandom(3));
            Assert.That(like, Is.Not.Null, vector.GetProperty("name").GetString());
            Assert.That(PrintOf(like!), Is.EqualTo(PrintOf(record)));
            Assert.That(like, Has.Length.EqualTo(record.Length));
            Assert.That(like![11..43], Is.Not.EqualTo(record[11..43]), "random");
            Assert.That(like![44..76], Is.Not.EqualTo(record[44..76]), "session id");
            Assert.That(KeysOf(like!).Zip(KeysOf(record)).Where(pair => pair.First.Length > 1), Is.All.Matches<(byte[], byte[])>(pair => !pair.Item1.SequenceEqual(pair.Item2)));
        }
    }

    [Test]
    public void Like_HelloWithATicketOrAKeyThatWeCannotMake_IsNone()
    {
        Assert.That(ProbeHello.Like(Changed(0x0029, new byte[100]), new SeededRandom(1)), Is.Null);
        Assert.That(ProbeHello.Like(Changed(0x0033, TestHello.KeyShares((0x0017, 65))), new SeededRandom(1)), Is.Null);
        Assert.That(ProbeHello.Like(new byte[20], new SeededRandom(1)), Is.Null);
    }

    private static byte[] Changed(ushort type, byte[] content)
    {
        var hello = new TestHello();
        hello.Extensions.RemoveAll(extension => extension.Type == type);
        hello.Extensions.Add((type, content));
        return hello.Build();
    }

    private static ulong PrintOf(byte[] record)
    {
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        return HelloPrint.Of(record, hello);
    }

    private static List<byte[]> KeysOf(byte[] record)
    {
        Assert.That(ClientHello.TryParse(record, out var hello), Is.True);
        var keys = new List<byte[]>();
        var reader = new TlsVectorReader(record, hello.KeyShares);
        while (reader.TryUInt16(out _) && reader.TryVector16(out var key))
        {
            keys.Add(key.Of(record).ToArray());
        }

        return keys;
    }
}
