using System.Text;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Tests.Worker.Configuration.Toml.Editing;

/// <summary>Where new keys go, and what stays around changed and removed ones.</summary>
internal sealed class TomlEditorTests
{
    [TestCase("# who\n[users]\nalice = \"a\" # first\n\n[modes]\ntls = true\n", "# who\n[users]\nalice = \"a\" # first\nbob = \"b\"\n\n[modes]\ntls = true\n", TestName = "Set_NewInASection_GoesBelowItsLastKey")]
    [TestCase("[users]\n# nobody yet\n", "[users]\nbob = \"b\"\n# nobody yet\n", TestName = "Set_NewInAnEmptySection_GoesBelowItsHeader")]
    [TestCase("[users]\r\nalice = \"a\"\r\n", "[users]\r\nalice = \"a\"\r\nbob = \"b\"\r\n", TestName = "Set_NewInAFileOfCrLf_EndsItsLineSo")]
    [TestCase("[users]\n  alice = \"a\"", "[users]\n  alice = \"a\"\n  bob = \"b\"", TestName = "Set_BelowAnOpenLastLine_KeepsIndentAndLeavesTheEndOpen")]
    [TestCase("users = { alice = \"a\" }", "users = { alice = \"a\", bob = \"b\" }", TestName = "Set_NewInBraces_StaysInThem")]
    [TestCase("users = {}\n", "users = { bob = \"b\" }\n", TestName = "Set_NewInEmptyBraces_FillsThem")]
    [TestCase("users.alice = \"a\"\nport = 1\n", "users.alice = \"a\"\nusers.bob = \"b\"\nport = 1\n", TestName = "Set_NewBesideDottedKeys_IsDotted")]
    [TestCase("port = 1\n\n# Alice\n[users.alice]\nsecret = \"a\"\n", "port = 1\n\n[users]\nbob = \"b\"\n\n# Alice\n[users.alice]\nsecret = \"a\"\n", TestName = "Set_NewBesideTables_GetsTheParentsHeader")]
    [TestCase("port = 1\n", "port = 1\n\n[users]\nbob = \"b\"\n", TestName = "Set_WithoutASection_MakesOneAtTheEnd")]
    [TestCase("", "[users]\nbob = \"b\"\n", TestName = "Set_InAnEmptyFile_MakesTheSection")]
    [TestCase("users.bob = \"x\" # keep\n", "users.bob = \"b\" # keep\n", TestName = "Set_Present_ChangesTheValueOnly")]
    [TestCase("[users]\nbob = '''\nx''' # keep\n", "[users]\nbob = \"b\" # keep\n", TestName = "Set_PresentOverLines_ChangesTheValueOnly")]
    [TestCase("\uFEFF[users]\n", "\uFEFF[users]\nbob = \"b\"\n", TestName = "Set_BehindAByteOrderMark_KeepsIt")]
    [TestCase("[[l]]\nbob = 1\n[users]\na = \"a\"\n[[l]]\n", "[[l]]\nbob = 1\n[users]\na = \"a\"\nbob = \"b\"\n[[l]]\n", TestName = "Set_AmongLists_FindsItsSection")]
    public void Set(string before, string after) => AssertEdit(before, after, editor => editor.Set(["users", "bob"], TomlLiteral.Of("b")));

    [TestCase("[users]\nalice = \"a\"\n# tail\n[modes]\n", "[users]\nalice = \"a\"\n\n[users.bob]\nsecret = \"b\"\n\n# tail\n[modes]\n", TestName = "SetDeep_NewTable_GoesBelowItsRelatives")]
    [TestCase("[users.alice]\nsecret = \"a\"\n\n[modes]\n", "[users.alice]\nsecret = \"a\"\n\n[users.bob]\nsecret = \"b\"\n\n[modes]\n", TestName = "SetDeep_BesideATable_IsParted")]
    [TestCase("[users]\nbob = { enabled = true }\n", "[users]\nbob = { enabled = true, secret = \"b\" }\n", TestName = "SetDeep_IntoBraces_StaysInThem")]
    [TestCase("[users]\nbob.enabled = true\nalice = \"a\"\n", "[users]\nbob.enabled = true\nbob.secret = \"b\"\nalice = \"a\"\n", TestName = "SetDeep_BesideDotted_IsDotted")]
    [TestCase("users = { alice = \"a\" }\n", "users = { alice = \"a\", bob.secret = \"b\" }\n", TestName = "SetDeep_NewInBraces_IsDotted")]
    [TestCase("[users.bob]\n\tenabled = true\n", "[users.bob]\n\tenabled = true\n\tsecret = \"b\"\n", TestName = "SetDeep_IntoItsTable_KeepsTheIndent")]
    public void SetDeep(string before, string after) => AssertEdit(before, after, editor => editor.Set(["users", "bob", "secret"], TomlLiteral.Of("b")));

    [TestCase("# one\n[users]\nbob = \"b\" # his\n# two\nalice = \"a\"\n", "# one\n[users]\n# two\nalice = \"a\"\n", TestName = "Remove_ALine_LeavesItsNeighbours")]
    [TestCase("[users]\n\n[users.bob]\n# in it\nsecret = \"b\"\n\n[modes]\n", "[users]\n\n[modes]\n", TestName = "Remove_ATable_TakesOneBlankLine")]
    [TestCase("[users]\na = \"a\"\n\n[users.bob]\nsecret = \"b\"", "[users]\na = \"a\"\n", TestName = "Remove_TheLastTable_LeavesNoBlankLine")]
    [TestCase("users = { bob = \"b\", a = \"a\" }\n", "users = { a = \"a\" }\n", TestName = "Remove_TheFirstInBraces_TakesItsComma")]
    [TestCase("users = { a = \"a\" , bob = \"b\" }\n", "users = { a = \"a\" }\n", TestName = "Remove_TheLastInBraces_TakesItsComma")]
    [TestCase("users = { bob = \"b\" }\n", "users = {}\n", TestName = "Remove_TheOnlyInBraces_LeavesThem")]
    [TestCase("users.bob.secret = \"b\"\nport = 1\nusers.bob.enabled = true\n", "port = 1\n", TestName = "Remove_Dotted_TakesEachLine")]
    [TestCase("[users.bob]\nsecret = \"b\"\n[users.bob.x.y]\nz = 1\n[[users.bob.l]]\n[users.alice]\n", "[users.alice]\n", TestName = "Remove_ATable_TakesWhatIsBelow")]
    public void Remove(string before, string after) => AssertEdit(before, after, editor => Assert.That(editor.Remove("users", "bob")));

    [Test]
    public void Remove_Missing_ChangesNothing() => AssertEdit("[users]\n", "[users]\n", editor => Assert.That(editor.Remove("users", "bob"), Is.False));

    [TestCase("users = 1")]
    [TestCase("[[users]]")]
    [TestCase("users = [{ bob = 1 }]")]
    [TestCase("[users.bob]")]
    [TestCase("[[users.bob]]")]
    public void Set_WhereNoValueCanBe_IsRefused(string text)
    {
        var editor = new TomlEditor(Encoding.UTF8.GetBytes(text));
        Assert.That(() => editor.Set(["users", "bob"], TomlLiteral.Of("b")), Throws.TypeOf<TomlEditException>());
        Assert.That(Encoding.UTF8.GetString(editor.Text), Is.EqualTo(text));
    }

    [TestCase("plain")]
    [TestCase("with.dot")]
    [TestCase("with \"quote\" and \\")]
    [TestCase("line\nend\r\ttab\0\u0001\u007F")]
    [TestCase("Юлия 🙂")]
    [TestCase("")]
    public void Set_AnyNameAndText_ReadsBack(string name)
    {
        var editor = new TomlEditor("[users]\n"u8);
        editor.Set(["users", name], TomlLiteral.Of(name));
        editor.Set(["deep", name, name], TomlLiteral.Of(name));

        Assert.That(editor.TryFind(["users", name], out var node) ? ((Telemt.Worker.Configuration.Toml.TomlValue)node).Value : null, Is.EqualTo(name));
        Assert.That(editor.TryFind(["deep", name, name], out _));
    }

    [Test]
    public void Literal_OfHalfACharacter_IsRefused() => Assert.That(() => TomlLiteral.Of("\uD83D"), Throws.ArgumentException);

    private static void AssertEdit(string before, string after, Action<TomlEditor> edit)
    {
        var editor = new TomlEditor(Encoding.UTF8.GetBytes(before));
        edit(editor);
        Assert.That(Encoding.UTF8.GetString(editor.Text), Is.EqualTo(after));
    }
}
