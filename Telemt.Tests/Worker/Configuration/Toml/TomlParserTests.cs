using System.Text;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

internal sealed class TomlParserTests
{
    [Test]
    public void Parse_Entries_KeepTheOrderOfTheFile()
    {
        var root = Parse("b = 1\na = 2\n[z]\n[y]\n");

        Assert.That(root.Entries.Select(e => e.Key), Is.EqualTo(new[] { "b", "a", "z", "y" }));
    }

    [Test]
    public void Parse_ManyKeys_AreAllFoundExactly()
    {
        var root = Parse(string.Concat(Enumerable.Range(0, 100).Select(i => $"key{i} = {i}\n")));

        for (var i = 0; i < 100; i++)
        {
            Assert.That(root.TryGet("key" + i, out var value) && ((TomlValue)value).Value is long number && number == i);
        }

        Assert.That(root.TryGet("KEY1", out _), Is.False);
        Assert.That(root.TryGet("key100", out _), Is.False);
    }

    [Test]
    public void Parse_Nodes_KnowWhereTheyStand()
    {
        var root = Parse("\uFEFF# first\r\nname = \"ы\"\r\n\r\n  [a.b] # c\n\tlist = [ 1,\n  'é', 2 ]\n[[t]]\n[[t]]\nx = { y.z = true }\n");

        Assert.That(Place(root, "name"), Is.EqualTo((2, 1, 2, 8)));
        var a = Child(root, "a");
        Assert.That(Place(root, "a"), Is.EqualTo((4, 4, 4, 4)), "a table without a header stands where it is named");
        Assert.That(Place(a, "b"), Is.EqualTo((4, 6, 4, 3)), "a header begins at its bracket");
        Assert.That(Place(Child(a, "b"), "list"), Is.EqualTo((5, 2, 5, 9)));
        var list = (TomlArray)Get(Child(a, "b"), "list");
        Assert.That(list.Items.Select(i => (i.Line, i.Column)), Is.EqualTo(new[] { (5, 11), (6, 3), (6, 8) }));
        var tables = (TomlArray)Get(root, "t");
        Assert.That(tables.Items.Select(i => (i.Line, i.Column)), Is.EqualTo(new[] { (7, 1), (8, 1) }));
        Assert.That(Place(Child((TomlTable)tables.Items[1], "x"), "y"), Is.EqualTo((9, 7, 9, 7)));
    }

    [Test]
    public void Parse_ImplicitTable_TakesThePlaceOfItsHeader()
    {
        var root = Parse("[a.b]\n[a]\nc = 1\n");

        Assert.That(Child(root, "a").Origin, Is.EqualTo(TomlTableOrigin.Header));
        Assert.That(Place(root, "a"), Is.EqualTo((1, 2, 2, 1)));
    }

    [Test]
    public void Parse_ArrayOfTables_IsToldFromAList()
    {
        var root = Parse("a = [{}]\n[[b]]\n");

        Assert.That(((TomlArray)Get(root, "a")).IsArrayOfTables, Is.False);
        Assert.That(((TomlArray)Get(root, "b")).IsArrayOfTables, Is.True);
    }

    [Test]
    public void Parse_LineEnds_OfEitherKindGiveTheSameText()
    {
        var lf = Parse("a = '''\nx\ny'''\nb = \"\"\"x\\\n  y\nz\"\"\"\n");
        var crlf = Parse("a = '''\r\nx\r\ny'''\r\nb = \"\"\"x\\\r\n  y\r\nz\"\"\"\r\n");

        Assert.That(((TomlValue)Get(lf, "a")).Value, Is.EqualTo("x\ny"));
        Assert.That(((TomlValue)Get(crlf, "a")).Value, Is.EqualTo("x\ny"));
        Assert.That(((TomlValue)Get(crlf, "b")).Value, Is.EqualTo("xy\nz"));
    }

    [TestCase("1979-05-27T00:32:00.99999999999-07:00", "1979-05-27T00:32:00.9999999-07:00")]
    [TestCase("1979-05-27 00:32:00+15:30", "1979-05-26T09:02:00.0000000+00:00")]
    [TestCase("1979-05-27 00:32:00-23:59", "1979-05-28T00:31:00.0000000+00:00")]
    public void Parse_Moment_FitsDateTimeOffset(string text, string expected)
    {
        Assert.That(((DateTimeOffset)((TomlValue)Get(Parse("t = " + text), "t")).Value).ToString("o"), Is.EqualTo(expected));
    }

    [TestCase("9223372036854775807", 9223372036854775807)]
    [TestCase("-9223372036854775808", -9223372036854775808)]
    [TestCase("0x7fffffffffffffff", 9223372036854775807)]
    [TestCase("0b1_0", 2)]
    [TestCase("0o7_7", 63)]
    [TestCase("+1_000", 1000)]
    public void Parse_Integer_HoldsSixtyFourBits(string text, long expected)
    {
        Assert.That(((TomlValue)Get(Parse("i = " + text), "i")).Value, Is.EqualTo(expected));
    }

    private static TomlTable Parse(string text) => TomlParser.Parse(Encoding.UTF8.GetBytes(text));

    private static TomlNode Get(TomlTable table, string key) => table.TryGet(key, out var value) ? value : throw new KeyNotFoundException(key);

    private static TomlTable Child(TomlTable table, string key) => (TomlTable)Get(table, key);

    private static (int KeyLine, int KeyColumn, int Line, int Column) Place(TomlTable table, string key)
    {
        Assert.That(table.TryGetEntry(key, out var entry));
        return (entry.Line, entry.Column, entry.Value.Line, entry.Value.Column);
    }
}
