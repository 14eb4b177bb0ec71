using System.Text;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>What an operator reads. Each message says what is wrong and, where there is one, the cure; none repeats a value.</summary>
internal sealed class TomlErrorTests
{
    [TestCase("port = 443\nport = 8443", 2, 1, "'port' is defined twice, first on line 1")]
    [TestCase("[users]\na = 1\n[users]", 3, 2, "'users' is defined twice, first on line 1")]
    [TestCase("tele = 0123456789abcdef", 1, 8, "a number does not begin with 0; text, such as a secret, stands in quotes")]
    [TestCase("tele = 123456789abcdef0", 1, 8, "this is neither a number, a date, true nor false; text, such as a secret, stands in quotes")]
    [TestCase("tele = 12345678901234567890123456789012", 1, 8, "the integer does not fit in 64 bits; text, such as a secret, stands in quotes")]
    [TestCase("i = 0x8000000000000000", 1, 5, "the integer does not fit in 64 bits")]
    [TestCase("i = 0o1000000000000000000000", 1, 5, "the integer does not fit in 64 bits")]
    [TestCase("mask = True", 1, 8, "booleans are written in small letters: true, false")]
    [TestCase("вася = 1", 1, 1, "a key was expected, found 'в'; a name of other characters than A-Z a-z 0-9 _ - stands in quotes")]
    [TestCase("a = \"x", 1, 7, "the string is not closed: its \" is missing before the end of the file")]
    [TestCase("'ы' = \"x\n", 1, 9, "the string is not closed: its \" is missing before the end of the line")]
    [TestCase("a = [\n1\nb = 2", 3, 1, "',' or ']' was expected in the list begun on line 1, found 'b'")]
    [TestCase("a = [1,\n2,", 2, 3, "the list begun on line 1 is not closed: its ']' is missing")]
    [TestCase("a = { b = 1,\n c = 2 }", 1, 13, "the inline table is not closed: its '}' is missing, and it stands on one line")]
    [TestCase("a = { b = 1 c = 2 }", 1, 13, "',' or '}' was expected in the inline table, found 'c'")]
    [TestCase("[a", 1, 3, "']' was expected after the table's name, found the end of the file")]
    [TestCase("a b = 1", 1, 3, "'=' was expected after the key, found 'b'")]
    [TestCase("a = 1 b = 2", 1, 7, "the line should end after the value, found 'b'")]
    [TestCase("a = ", 1, 5, "a value was expected, found the end of the file")]
    [TestCase("a = 1\r b", 1, 6, "the line should end after the value, found a carriage return without a line feed")]
    [TestCase("[[a]]\n[a]", 2, 2, "'a' is a list of tables (line 1): its headers have two brackets")]
    [TestCase("a = 1\n[a.b]", 2, 2, "'a' is a value (line 1), not a table")]
    [TestCase("a = {}\na.b = 1", 2, 1, "'a' was completed on line 1 and cannot be added to here")]
    [TestCase("a = 1\n\uFEFF", 2, 1, "a key was expected, found the character U+FEFF; a name of other characters than A-Z a-z 0-9 _ - stands in quotes")]
    [TestCase("\"a\\nb\" = 1\n\"a\\nb\" = 1", 2, 1, "'a\\u000Ab' is defined twice, first on line 1")]
    public void Parse_Mistake_IsNamedWithItsPlace(string text, int line, int column, string message)
    {
        var error = Assert.Throws<TomlException>(() => TomlParser.Parse(Encoding.UTF8.GetBytes(text)));

        Assert.That((error.Line, error.Column, error.Message), Is.EqualTo((line, column, message)));
    }

    [Test]
    public void Parse_EndlessName_IsCutInTheMessage()
    {
        var line = new string('k', 100_000) + " = 1\n";

        var error = Assert.Throws<TomlException>(() => TomlParser.Parse(Encoding.UTF8.GetBytes(line + line)));

        Assert.That(error.Message, Has.Length.LessThan(120));
    }

    [TestCase(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, 1, 1, "the file is UTF-16; save it as UTF-8")]
    [TestCase(new byte[] { 0xFE, 0xFF, 0, (byte)'a' }, 1, 1, "the file is UTF-16; save it as UTF-8")]
    [TestCase(new byte[] { (byte)'#', (byte)'\n', (byte)'a', 0xD1, 0x8B, 0xD1 }, 2, 3, "the file is not UTF-8: a broken character stands here")]
    public void Parse_BrokenEncoding_IsNamedWithItsPlace(byte[] text, int line, int column, string message)
    {
        var error = Assert.Throws<TomlException>(() => TomlParser.Parse(text));

        Assert.That((error.Line, error.Column, error.Message), Is.EqualTo((line, column, message)));
    }
}
