using System.Diagnostics;
using System.Text;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>Nesting ends in an error before the stack does, and no shape of a large file makes reading slower than in proportion.</summary>
internal sealed class TomlBoundsTests
{
    private const int Deep = 100_000;
    private const int Size = 1 << 18;

    private static readonly TestCaseData<string>[] Bombs =
    [
        new("a = " + new string('[', Deep)) { TestName = "lists" },
        new("a = " + Repeat("{a=", Deep)) { TestName = "inline tables" },
        new("a = " + Repeat("[{a=", Deep)) { TestName = "lists and inline tables" },
        new("a" + Repeat(".a", Deep) + " = 1") { TestName = "dotted key" },
        new("[a" + Repeat(".a", Deep) + "]") { TestName = "header" },
        new("[[" + Repeat("a.", 50) + "a]]\n" + Repeat("a.", 60) + "a = 1") { TestName = "dotted key below a header" },
        new("[[" + Repeat("a.", 99) + "a]]") { TestName = "list of tables at the edge" },
    ];

    private static readonly TestCaseData<string>[] Shapes =
    [
        new("a = [" + Repeat("1,", Size / 2) + "]") { TestName = "one line of numbers" },
        new("a = [" + Repeat("\"\",", Size / 3) + "]") { TestName = "one line of strings" },
        new("a = [" + Repeat("{},", Size / 3) + "]") { TestName = "one line of tables" },
        new("a = \"" + Repeat("\\n", Size / 2) + "\"") { TestName = "escapes" },
        new("a = \"" + Repeat("\\n", Size / 2)) { TestName = "escapes, not closed" },
        new("a = \"\"\"" + Repeat("\n", Size) + "\"\"\"") { TestName = "empty lines in a string" },
        new("a = \"\"\"" + Repeat("\"\" ", Size / 3)) { TestName = "quotes, not closed" },
        new("a = '''" + Repeat("'' \n", Size / 4)) { TestName = "literal quotes, not closed" },
        new("a = \"\"\"" + Repeat("\\ \n", Size / 3) + "\"\"\"") { TestName = "swallowed line ends" },
        new("a = \"\"\"\\" + Repeat(" \n", Size / 2)) { TestName = "swallowed blanks, not closed" },
        new(Repeat("#\r\n", Size / 3)) { TestName = "comments" },
        new(new string(' ', Size) + "a = 1") { TestName = "blanks" },
        new("a = " + new string('1', Size)) { TestName = "digits" },
        new("a = 0." + new string('1', Size) + "e1") { TestName = "digits of a fraction" },
        new("a = 1" + Repeat("_1", Size / 2) + ".0") { TestName = "underscores" },
        new("a = 0x" + new string('0', Size)) { TestName = "zeros of a hex number" },
        new("a = 00:00:00." + new string('1', Size)) { TestName = "digits of a second" },
        new(Lines(i => $"k{i} = 1")) { TestName = "keys" },
        new(Lines(i => $"a.k{i}.b = 1")) { TestName = "dotted keys" },
        new(Lines(i => $"[k{i}]")) { TestName = "headers" },
        new(Lines(i => $"[a.b.k{i}]")) { TestName = "headers below a table" },
        new(Lines(_ => "[[a]]")) { TestName = "list of tables" },
        new("a = {a.b = 1" + string.Concat(Enumerable.Range(0, Size / 12).Select(i => $",k{i}=1")) + "}") { TestName = "inline table" },
        new("[" + new string('a', Size) + "." + new string('b', Size) + "]") { TestName = "long names" },
    ];

    [TestCaseSource(nameof(Bombs))]
    public void Parse_NestedBeyondTheBound_IsRefused(string text)
    {
        Assert.That(() => TomlParser.Parse(Encoding.UTF8.GetBytes(text)), Throws.TypeOf<TomlException>());
    }

    [Test]
    public void Parse_NestedToTheBound_IsRead()
    {
        var depth = TomlParser.MaxDepth;
        Assert.That(() => TomlParser.Parse(Encoding.UTF8.GetBytes("a = " + new string('[', depth) + new string(']', depth))), Throws.Nothing);
        Assert.That(() => TomlParser.Parse(Encoding.UTF8.GetBytes("[" + Repeat("a.", depth - 2) + "a]\nb = 1")), Throws.Nothing);
    }

    [TestCaseSource(nameof(Shapes))]
    public void Parse_LargeFile_TakesTimeAndMemoryInProportion(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        try
        {
            TomlParser.Parse(bytes);
        }
        catch (TomlException)
        {
            // Some shapes end in an error at the very end: the way there is what counts.
        }

        // A quadratic step at this size takes minutes or gigabytes; the bounds leave room for a busy machine.
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(100L * bytes.Length));
    }

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));

    private static string Lines(Func<int, string> line) => string.Concat(Enumerable.Range(0, Size / 16).Select(i => line(i) + "\n"));
}
