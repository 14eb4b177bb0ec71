using System.Text.Json;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class TomlCorpusTests
{
    [Test]
    public void Corpus_IsWhole()
    {
        Assert.That(TomlCorpus.Valid.Count(), Is.EqualTo(210));
        Assert.That(TomlCorpus.Invalid.Count(), Is.EqualTo(499));
    }

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Valid))]
    public void Parse_ValidDocument_GivesTheExpectedValues(string name)
    {
        using var expected = JsonDocument.Parse(TomlCorpus.ReadExpected(name));
        TaggedJson.AssertEqual(expected.RootElement, TomlParser.Parse(TomlCorpus.Read(name)));
    }

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Invalid))]
    public void Parse_InvalidDocument_IsRefusedWithAPlaceInIt(string name)
    {
        var text = TomlCorpus.Read(name);
        var error = Assert.Throws<TomlException>(() => TomlParser.Parse(text));
        TestContext.Out.WriteLine($"{error.Line}:{error.Column}: {error.Message}");

        Assert.That(error.Message, Is.Not.Empty);
        Assert.That(error.Line, Is.InRange(1, text.Count(b => b == '\n') + 1));
        var line = text.AsSpan();
        for (var i = 1; i < error.Line; i++)
        {
            line = line[(line.IndexOf((byte)'\n') + 1)..];
        }

        Assert.That(error.Column, Is.InRange(1, (line.IndexOf((byte)'\n') is >= 0 and var end ? end : line.Length) + 1));
    }
}
