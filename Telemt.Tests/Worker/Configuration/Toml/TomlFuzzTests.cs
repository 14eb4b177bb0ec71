using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>Whatever the bytes, reading ends with a tree or a <see cref="TomlException"/>: documents of the corpus, damaged.</summary>
internal sealed class TomlFuzzTests
{
    private const int Rounds = 10_000;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void Parse_DamagedDocument_IsReadOrRefused(int seed)
    {
        var random = new Random(seed);
        var documents = TomlCorpus.Valid.Concat(TomlCorpus.Invalid).Select(TomlCorpus.Read).ToArray();
        for (var i = 0; i < Rounds; i++)
        {
            var text = documents[random.Next(documents.Length)];
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                text = Damage(text, documents[random.Next(documents.Length)], random);
            }

            AssertReadOrRefused(text, $"seed {seed}, round {i}");
        }
    }

    [Test]
    public void Parse_ValidDocumentCutAnywhere_IsReadOrRefused()
    {
        foreach (var name in TomlCorpus.Valid)
        {
            var text = TomlCorpus.Read(name);
            for (var length = 0; length < text.Length; length++)
            {
                AssertReadOrRefused(text[..length], $"{name} cut at {length}");
            }
        }
    }

    [Test]
    public void Parse_AnyBytesAfterAKey_AreReadOrRefused()
    {
        var random = new Random(5);
        var alphabet = "0123456789_.+-:eETZtzxob \t\r\n,[]{}='\"\\#abcdefinu\0\x7F"u8.ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var value = random.GetItems(alphabet, random.Next(1, 24));
            AssertReadOrRefused([(byte)'a', (byte)'=', .. value], Convert.ToHexString(value));
        }
    }

    private static byte[] Damage(byte[] text, byte[] other, Random random)
    {
        var at = random.Next(text.Length + 1);
        var to = Math.Min(text.Length, at + random.Next(16));
        var from = random.Next(other.Length + 1);
        return random.Next(6) switch
        {
            0 => [.. text[..at], (byte)random.Next(256), .. text[at..]],
            1 => [.. text[..at], .. text[to..]],
            2 => [.. text[..at], .. text[at..to], .. text[at..to], .. text[to..]],
            3 => [.. text[..at], .. other[from..Math.Min(other.Length, from + random.Next(64))], .. text[to..]],
            4 => [.. text[..at], .. other],
            _ => [.. text[..at], .. random.GetItems("[]{}=.,\"'#\\\r\n0-"u8.ToArray(), random.Next(4)), .. text[to..]],
        };
    }

    private static void AssertReadOrRefused(byte[] text, string which)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            TomlParser.Parse(text);
        }
        catch (TomlException)
        {
        }
        catch (Exception other)
        {
            Assert.Fail($"{which}: {other}\n{Convert.ToBase64String(text)}");
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(20_000 + (200L * text.Length)), which);
    }
}
