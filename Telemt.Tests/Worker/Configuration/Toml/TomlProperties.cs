using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class TomlProperties
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(2026, 1979);

    [Test]
    public void Parse_WhatWasWritten_IsReadBack()
    {
        var cases = from tree in Tables(4) from seed in Gen.Choose(0, int.MaxValue) select (tree, seed);
        Check.One(Seeded, Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var text = new TomlText(c.seed).Write(c.tree);
            Assert.That(TomlText.ValueOf(Parse(text)), Is.EqualTo(c.tree), text);
        }));
    }

    [Test]
    public void Parse_AnyString_IsReadBack()
    {
        var cases = from value in Strings from seed in Gen.Choose(0, int.MaxValue) select (value, seed);
        Check.One(Seeded, Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var text = "k = " + new TomlText(c.seed).Quoted(c.value, oneLine: false);
            Assert.That(((Dictionary<string, object>)TomlText.ValueOf(Parse(text)))["k"], Is.EqualTo(c.value), text);
        }));
    }

    [Test]
    public void Parse_AnyBytes_AreReadOrRefused()
    {
        var bytes = ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary();
        Check.One(Seeded, Prop.ForAll(bytes, text =>
        {
            try
            {
                TomlParser.Parse(text);
            }
            catch (TomlException error)
            {
                Assert.That(error.Line, Is.Positive);
                Assert.That(error.Column, Is.Positive);
            }
        }));
    }

    private static Gen<string> Strings =>
        from runes in Gen.OneOf(Gen.Choose(0, 0x7F), Awkward, Gen.Choose(0x80, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF)).ListOf()
        select string.Concat(runes.Select(r => new Rune(r).ToString()));

    private static Gen<int> Awkward => Gen.Elements<int>('"', '\'', '\\', '\n', '\t', ' ');

    private static Gen<object> Scalars => Gen.OneOf(
        Strings.Select(s => (object)s),
        ArbMap.Default.GeneratorFor<long>().Select(i => (object)i),
        ArbMap.Default.GeneratorFor<double>().Select(d => (object)d),
        ArbMap.Default.GeneratorFor<bool>().Select(b => (object)b),
        Ticks.Select(t => (object)new DateTime(t)),
        Ticks.Select(t => (object)DateOnly.FromDateTime(new DateTime(t))),
        Ticks.Select(t => (object)TimeOnly.FromDateTime(new DateTime(t))),
        from t in Ticks from minutes in Gen.Choose(-839, 839) select (object)new DateTimeOffset(t, TimeSpan.FromMinutes(minutes)));

    /// <summary>Moments a day away from either end of the calendar, so that any offset keeps them inside it.</summary>
    private static Gen<long> Ticks =>
        from days in Gen.Choose(1, 3_652_057) from rest in Gen.Choose(0, int.MaxValue) select (days * TimeSpan.TicksPerDay) + (rest * 399L);

    private static Gen<object> Values(int depth) => depth == 0
        ? Scalars
        : Gen.Frequency((3, Scalars), (1, Tables(depth - 1).Select(t => (object)t)), (1, Values(depth - 1).ListOf(3).Select(l => (object)l.ToList())));

    private static Gen<Dictionary<string, object>> Tables(int depth) =>
        from pairs in (from key in Gen.OneOf(Strings, Gen.Elements("a", "b", "users", "0x-_")) from value in Values(depth) select (key, value)).ListOf()
        select pairs.Take(6).DistinctBy(p => p.key).ToDictionary(p => p.key, p => p.value);

    private static TomlTable Parse(string text) => TomlParser.Parse(Encoding.UTF8.GetBytes(text));
}
