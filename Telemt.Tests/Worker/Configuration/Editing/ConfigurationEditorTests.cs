using System.Runtime.Versioning;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Editing;

namespace Telemt.Tests.Worker.Configuration.Editing;

/// <summary>The file itself: what an edit keeps of it, what keeps an edit from it, and many editors at once.</summary>
[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class ConfigurationEditorTests
{
    private const string Start = "# ours\ntls_domain = \"www.example.com\"\n\n[users]\nalice = \"0123456789abcdef0123456789abcdef\" # the first\n\n[modes]\ntls = true\n";

    private TempFolder _folder = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TempFolder();
        _path = _folder.Write("telemt.toml", Start);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Edit_OfAFile_KeepsModeAndLeavesNothingBeside()
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(_path, mode);

        var result = await AddAsync(Editor(_path), "bob");

        Assert.That(result.Refusal, Is.Null);
        Assert.That(result.Report!.Settings!.Users.FindByName("bob"), Is.Not.Null);
        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(mode));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { _path }));
        Assert.That(File.ReadAllText(_path), Does.StartWith(Start[..Start.IndexOf("\n\n[modes]", StringComparison.Ordinal)]).And.EndWith("\n\n[modes]\ntls = true\n"));
    }

    [Test]
    public async Task Edit_OfAFileOfAnotherOwner_GivesItBackToHim()
    {
        Assume.That(Environment.IsPrivilegedProcess, "needs root");
        using (var handle = File.OpenHandle(_path))
        {
            Assert.That(FileCalls.ChangeOwner(handle, 12345, 54321), Is.Zero);
        }

        await AddAsync(Editor(_path), "bob");

        Assert.That(FileFacts.TryRead(_path, out var facts, out _));
        Assert.That((facts.User, facts.Group), Is.EqualTo((12345u, 54321u)));
    }

    [Test]
    public async Task Edit_ThroughLinks_ReplacesWhatTheyLeadTo()
    {
        Directory.CreateDirectory(_folder["real"]);
        File.Move(_path, _folder["real/file"]);
        File.CreateSymbolicLink(_folder["middle"], "real/file");
        File.CreateSymbolicLink(_path, "middle");

        Assert.That((await AddAsync(Editor(_path), "bob")).Refusal, Is.Null);

        Assert.That(new FileInfo(_path).LinkTarget, Is.EqualTo("middle"));
        Assert.That(new FileInfo(_folder["middle"]).LinkTarget, Is.EqualTo("real/file"));
        Assert.That(File.ReadAllText(_folder["real/file"]), Does.Contain("bob = "));
    }

    [Test]
    public async Task Edit_ThatWouldBreakTheFile_IsRefused()
    {
        using var editor = Editor(_path);
        var result = await editor.EditAsync((toml, _) => UserEdit.Add(toml, "ALICE", UserEdit.NewSecret(), []), default);

        Assert.That(result.Refusal?.Problem, Is.EqualTo(EditProblem.Invalid));
        Assert.That(result.Refusal!.Text, Does.Contain("only by case"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(Start));
    }

    [TestCase("[users\n")]
    [TestCase("")]
    [TestCase("port = 0\n")]
    public async Task Edit_OfABrokenFile_IsRefused(string text)
    {
        File.WriteAllText(_path, text);
        Assert.That((await AddAsync(Editor(_path), "bob")).Refusal?.Problem, Is.EqualTo(EditProblem.Broken));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(text));
    }

    [Test]
    public async Task Edit_OfAMissingFile_IsRefused()
    {
        File.Delete(_path);
        Assert.That((await AddAsync(Editor(_path), "bob")).Refusal?.Problem, Is.EqualTo(EditProblem.Unwritable));
        Assert.That(Directory.GetFiles(_folder.Path), Is.Empty);
    }

    [Test]
    public async Task Edit_WhileAnOperatorSaves_LosesNeither()
    {
        using var editor = Editor(_path);
        var looks = 0;
        var result = await editor.EditAsync(
            (toml, _) =>
            {
                if (looks++ == 0)
                {
                    // As an editor saves: a new file under the old name.
                    File.WriteAllText(_path + "~", Start + "classic = true\n");
                    File.Move(_path + "~", _path, overwrite: true);
                }

                return UserEdit.Add(toml, "bob", UserEdit.NewSecret(), []);
            },
            default);

        Assert.That(result.Refusal, Is.Null);
        Assert.That(looks, Is.EqualTo(2));
        Assert.That(File.ReadAllText(_path), Does.Contain("classic = true").And.Contain("bob = "));
    }

    [Test]
    public async Task Edits_AThousandByManyEditors_AreAllInAValidFile()
    {
        // Each editor stands for a process of its own: they share nothing but the file.
        var editors = Enumerable.Range(0, 4).Select(_ => Editor(_path)).ToArray();
        var edits = Enumerable.Range(0, 1000).Select(i => AddAsync(editors[i % editors.Length], $"user{i}"));
        var results = await Task.WhenAll(edits);

        Assert.That(results.Where(result => result.Refusal is not null).Select(result => result.Refusal!.Text), Is.Empty);
        var report = SettingsLoader.Load(_path, ConfigurationOverrides.None);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Settings!.Users.Users.Select(user => user.Name), Is.EquivalentTo(Enumerable.Range(0, 1000).Select(i => $"user{i}").Append("alice")));
        Assert.That(File.ReadAllLines(_path).Where(line => !line.StartsWith("user", StringComparison.Ordinal)), Is.EqualTo(Start.TrimEnd('\n').Split('\n')));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { _path }));
        foreach (var editor in editors)
        {
            editor.Dispose();
        }
    }

    [Test]
    public async Task Edit_WhileAnotherProcessHoldsTheFolder_WaitsForIt()
    {
        using var editor = Editor(_path);
        var held = await FolderLock.TakeAsync(_folder.Path, TimeSpan.Zero, default);
        Assert.That(await FolderLock.TakeAsync(_folder.Path, TimeSpan.Zero, default), Is.Null);

        var edit = AddAsync(editor, "bob");
        Assert.That(File.ReadAllText(_path), Is.EqualTo(Start));
        held!.Dispose();
        Assert.That((await edit).Refusal, Is.Null);
    }

    [Test]
    public async Task Edit_OfAFileMountedByItself_SaysSo()
    {
        var mounted = _folder.Write("mounted.toml", Start);
        using var mount = Mount.Bind(_path, mounted);

        Assert.That(ReplaceableFile.WhyNot(mounted), Does.Contain("mount its folder instead"));
        Assert.That((await AddAsync(Editor(mounted), "bob")).Refusal?.Text, Does.Contain("mount its folder instead"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(Start));
    }

    [Test]
    public async Task Edit_InAReadOnlyFolder_SaysSo()
    {
        Directory.CreateDirectory(_folder["mounted"]);
        using var mount = Mount.Bind(_folder.Path, _folder["mounted"], readOnly: true);
        var path = _folder["mounted/telemt.toml"];

        Assert.That(ReplaceableFile.WhyNot(path), Does.Contain("read-only"));
        Assert.That((await AddAsync(Editor(path), "bob")).Refusal?.Text, Does.Contain("read-only"));
        Assert.That(ReplaceableFile.WhyNot(_path), Is.Null);
    }

    private static ConfigurationEditor Editor(string path) =>
        new(new SettingsLoader(path, ConfigurationOverrides.None, () => new HostFacts([], null)));

    private static Task<EditResult> AddAsync(ConfigurationEditor editor, string name) =>
        editor.EditAsync((toml, _) => UserEdit.Add(toml, name, UserEdit.NewSecret(), []), default);
}
