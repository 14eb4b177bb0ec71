using System.Text;
using Telemt.Worker.Configuration.Toml;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Tests.Worker.Configuration.Toml.Editing;

/// <summary>Every valid document of the corpus is edited at every place that a path reaches; nothing else of it changes.</summary>
internal sealed class TomlEditorCorpusTests
{
    private static readonly TomlLiteral Mark = TomlLiteral.Of("changed by the test");

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Valid))]
    public void Set_EveryValueAndBack_GivesTheSameBytes(string name)
    {
        var text = TomlCorpus.Read(name);
        foreach (var path in Values(TomlParser.Parse(text), []))
        {
            var editor = new TomlEditor(text);
            var source = editor.Source(path);
            Assert.That(source, Is.Not.Null, Shown(path));

            editor.Set(path, Mark);
            AssertSame(TomlParser.Parse(text), TomlParser.Parse(editor.Text), [], except: path);
            Assert.That(editor.TryFind(path, out var now) ? ((TomlValue)now).Value : null, Is.EqualTo("changed by the test"), Shown(path));

            editor.SetText(path, source!);
            Assert.That(editor.Text.SequenceEqual(text), Shown(path));
        }
    }

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Valid))]
    public void Set_ANewKeyInEveryTable_AddsBytesAndRemovingItTakesThemOut(string name)
    {
        var text = TomlCorpus.Read(name);
        foreach (var table in Tables(TomlParser.Parse(text), []))
        {
            string[] path = [.. table, "telemt new"];
            var editor = new TomlEditor(text);
            var isImplicit = editor.TryFind(table, out var node) && node is TomlTable { Origin: TomlTableOrigin.Implicit };

            editor.Set(path, Mark);
            Assert.That(IsInserted(text, editor.Text), $"one run of bytes is new: {Shown(path)}");
            AssertSame(TomlParser.Parse(text), TomlParser.Parse(editor.Text), [], except: path);

            Assert.That(editor.Remove(path), Shown(path));
            AssertSame(TomlParser.Parse(text), TomlParser.Parse(editor.Text), [], except: path);
            var isBare = text.Length == 0 || !text.AsSpan().ContainsAnyExcept(" \t\r\n"u8) || TomlParser.Parse(text).Entries.Count == 0;
            if (!isImplicit && !isBare && !IsEmptyInline(node!) && !(table.Length == 0 && HasNoRootKey(text)))
            {
                Assert.That(Encoding.UTF8.GetString(editor.Text), Is.EqualTo(Encoding.UTF8.GetString(text)), Shown(path));
            }
        }
    }

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Valid))]
    public void Set_ANewTable_AddsBytes(string name)
    {
        var text = TomlCorpus.Read(name);
        foreach (var table in Tables(TomlParser.Parse(text), []))
        {
            string[] path = [.. table, "telemt new", "deep.er", "key"];
            var editor = new TomlEditor(text);
            editor.Set(path, Mark);

            Assert.That(IsInserted(text, editor.Text), $"one run of bytes is new: {Shown(path)}");
            Assert.That(editor.TryFind(path, out _), Shown(path));
            AssertSame(TomlParser.Parse(text), TomlParser.Parse(editor.Text), [], except: [.. table, "telemt new"]);
        }
    }

    [TestCaseSource(typeof(TomlCorpus), nameof(TomlCorpus.Valid))]
    public void Remove_EveryKeyAndTable_TakesNothingElse(string name)
    {
        var text = TomlCorpus.Read(name);
        var root = TomlParser.Parse(text);
        foreach (var path in Values(root, []).Concat(Tables(root, []).Where(path => path.Length > 0)))
        {
            var editor = new TomlEditor(text);
            Assert.That(editor.Remove(path), Shown(path));
            Assert.That(editor.TryFind(path, out _), Is.False, Shown(path));
            AssertSame(root, TomlParser.Parse(editor.Text), [], except: path);
            Assert.That(CommentsOf(editor.Text), Is.SubsetOf(CommentsOf(text)), Shown(path));
        }
    }

    /// <summary>All values are the same, but for what is at or below a path, and tables that only it held.</summary>
    private static void AssertSame(TomlTable before, TomlTable after, string[] at, string[] except)
    {
        var names = before.Entries.Concat(after.Entries).Select(entry => entry.Key).Distinct();
        foreach (var name in names)
        {
            string[] path = [.. at, name];
            if (path.SequenceEqual(except))
            {
                continue;
            }

            var (isBefore, isAfter) = (before.TryGet(name, out var left), after.TryGet(name, out var right));
            var isOnTheWay = except.AsSpan().StartsWith(path);
            if (isOnTheWay && (!isBefore || !isAfter))
            {
                // Made for the new key, or gone with its only child.
                continue;
            }

            Assert.That(isBefore && isAfter, $"{Shown(path)} came or went");
            AssertSame(left!, right!, path, except);
        }
    }

    private static void AssertSame(TomlNode before, TomlNode after, string[] at, string[] except)
    {
        switch (before, after)
        {
            case (TomlTable left, TomlTable right):
                AssertSame(left, right, at, except);
                break;
            case (TomlArray left, TomlArray right):
                Assert.That(right.Items, Has.Count.EqualTo(left.Items.Count), Shown(at));
                foreach (var (one, other) in left.Items.Zip(right.Items))
                {
                    AssertSame(one, other, at, []);
                }

                break;
            default:
                Assert.That(((TomlValue)after).Value, Is.EqualTo(((TomlValue)before).Value), Shown(at));
                break;
        }
    }

    private static IEnumerable<string[]> Values(TomlTable table, string[] at) => table.Entries.SelectMany(entry => entry.Value switch
    {
        TomlTable inner => Values(inner, [.. at, entry.Key]),
        TomlValue => [[.. at, entry.Key]],
        _ => Array.Empty<string[]>(),
    });

    private static IEnumerable<string[]> Tables(TomlTable table, string[] at) =>
        table.Entries.Where(entry => entry.Value is TomlTable).SelectMany(entry => Tables((TomlTable)entry.Value, [.. at, entry.Key])).Prepend(at);

    private static bool IsInserted(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var head = before.CommonPrefixLength(after);
        return after.Length > before.Length && after.EndsWith(before[head..])
            || IsOnlyBraces(before, after);
    }

    /// <summary>{} becomes { key = value }.</summary>
    private static bool IsOnlyBraces(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var head = before.CommonPrefixLength(after);
        var rest = before[head..];
        rest = rest[(rest.IndexOf((byte)'}') + 1)..];
        return after.EndsWith(rest);
    }

    private static bool IsEmptyInline(TomlNode node) => node is TomlTable { Origin: TomlTableOrigin.Inline, Entries.Count: 0 };

    private static bool HasNoRootKey(byte[] text) => !TomlLayout.Of(text).Exists(span => span is { Kind: TomlSpanKind.Pair, Owner: -1 });

    private static List<string> CommentsOf(ReadOnlySpan<byte> text) =>
        [.. Encoding.UTF8.GetString(text).Split('\n').Where(line => line.TrimStart().StartsWith('#')).Select(line => line.TrimEnd('\r'))];

    private static string Shown(string[] path) => string.Join(" → ", path);
}
