using System.Collections.Immutable;
using System.Text;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Tests.Worker.Configuration.Editing;

/// <summary>Users in each form that a file may have them in.</summary>
internal sealed class UserEditTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Other = "fedcba9876543210fedcba9876543210";

    private static readonly string[] Forms =
    [
        $"[users]\nalice = \"{Secret}\" # hers\n",
        $"[users]\nalice = '{Secret}'\n\n[modes]\n",
        $"[users.alice]\nsecret = \"{Secret}\"\n",
        $"[users.alice]\r\nquota = \"10GB\" # much\r\nsecret = \"{Secret}\"\r\n\r\n[modes]\r\n",
        $"[users]\nalice = {{ secret = \"{Secret}\", quota = \"10GB\" }}\n",
        $"users.alice = \"{Secret}\"\n",
        $"users.alice.secret = \"{Secret}\"\nport = 443\n",
        $"users = {{ alice = \"{Secret}\" }}\n",
        $"users = {{ alice.secret = \"{Secret}\" }}\n",
        $"[users]\nalice.secret = \"{Secret}\"\n",
    ];

    [TestCaseSource(nameof(Forms))]
    public void Disable_ThenEnable_GivesTheSameBytes(string text)
    {
        var disabled = Edit(text, toml => UserEdit.Set(toml, "alice", "enabled", TomlLiteral.Of(false)));
        Assert.That(Read(disabled).Single().Enabled, Is.False);

        Assert.That(Edit(disabled, toml => UserEdit.Set(toml, "alice", "enabled", null)), Is.EqualTo(text));
    }

    [TestCaseSource(nameof(Forms))]
    public void Rotate_ChangesTheSecretOnly(string text)
    {
        var rotated = Edit(text, toml => UserEdit.SetSecret(toml, "alice", Other));

        Assert.That(rotated, Is.EqualTo(text.Replace($"'{Secret}'", $"\"{Secret}\"").Replace(Secret, Other)));
    }

    [TestCaseSource(nameof(Forms))]
    public void Add_ThenRemove_LeavesTheOthers(string text)
    {
        var added = Edit(text, toml => UserEdit.Add(toml, "bob", Other, []));
        Assert.That(Read(added).Select(user => user.Name), Is.EquivalentTo(new[] { "alice", "bob" }));
        added = Edit(added, toml => UserEdit.Add(toml, "c d", "00112233445566778899aabbccddeeff", [("quota", TomlLiteral.Of("1GB"))]));
        Assert.That(Read(added).Select(user => (user.Name, user.Quota)), Does.Contain(("c d", 1_000_000_000L)));

        var removed = Edit(Edit(added, toml => UserEdit.Remove(toml, "bob")), toml => UserEdit.Remove(toml, "c d"));
        Assert.That(Read(removed).Select(user => user.Name), Is.EqualTo(new[] { "alice" }));
        foreach (var line in text.Split('\n'))
        {
            Assert.That(removed, Does.Contain(line.TrimEnd('}', ' ', '\r')));
        }
    }

    [Test]
    public void Edits_OfNobody_AreRefused()
    {
        var toml = Editor(Forms[0]);
        Assert.Multiple(() =>
        {
            Assert.That(UserEdit.Set(toml, "bob", "enabled", TomlLiteral.Of(false))?.Problem, Is.EqualTo(EditProblem.NotFound));
            Assert.That(UserEdit.SetSecret(toml, "bob", Other)?.Problem, Is.EqualTo(EditProblem.NotFound));
            Assert.That(UserEdit.Remove(toml, "bob")?.Problem, Is.EqualTo(EditProblem.NotFound));
            Assert.That(UserEdit.Add(toml, "alice", Other, [])?.Problem, Is.EqualTo(EditProblem.Exists));
            Assert.That(UserEdit.Add(toml, "port", Other, [])?.Problem, Is.EqualTo(EditProblem.Invalid), "it would be lifted to the root");
            Assert.That(Encoding.UTF8.GetString(toml.Text), Is.EqualTo(Forms[0]));
        });
    }

    private static string Edit(string text, Func<TomlEditor, EditRefusal?> edit)
    {
        var toml = Editor(text);
        Assert.That(edit(toml), Is.Null);
        return Encoding.UTF8.GetString(toml.Text);
    }

    private static TomlEditor Editor(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ImmutableArray<UserSettings> Read(string text) =>
        ConfigText.Settings("tls_domain = \"www.example.com\"\n" + text).Users.Users;
}
