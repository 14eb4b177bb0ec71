using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Cli;

internal sealed class InitCommandTests
{
    private const string Placeholder = "00000000000000000000000000000000";

    private string _path = null!;

    [SetUp]
    public void SetUp() => _path = Path.Combine(Directory.CreateTempSubdirectory("telemt-").FullName, "telemt.toml");

    [TearDown]
    public void TearDown() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Test]
    public void Fill_OfASample_GivesEachPlaceholderASecretOfItsOwn()
    {
        var lines = InitCommand.Fill($"a = \"{Placeholder}\" # one\nb = \"{Placeholder}\"\nport = 443\n").Split('\n');

        Assert.That(lines[0], Does.Match("^a = \"[0-9a-f]{32}\" # one$").And.Not.Contain(Placeholder));
        Assert.That(lines[1], Does.Match("^b = \"[0-9a-f]{32}\"$").And.Not.Contain(Placeholder));
        Assert.That(lines[0][5..37], Is.Not.EqualTo(lines[1][5..37]));
        Assert.That(lines[2..], Is.EqualTo(new[] { "port = 443", "" }));
    }

    [Test]
    public void Fill_OfOurOwnSample_IsAFileThatChecks()
    {
        InitCommand.Write(_path, InitCommand.Fill(InitCommand.Sample(), "petrovich.ru"));

        var report = SettingsLoader.Load(_path, ConfigurationOverrides.None);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(report.Warnings, Is.Empty);
        Assert.That(report.Settings!.TlsDomains, Is.EqualTo(new[] { "petrovich.ru" }));
        Assert.That(report.Settings.Users.Users.Select(user => user.Secret.IsPlaceholder), Has.Some.False.And.None.True);
    }

    [Test]
    public void Write_OfANewFile_IsReadableByOwnerAndGroupOnly()
    {
        Assert.That(InitCommand.Write(_path, "port = 443\n"), Is.Null);

        Assert.That(File.ReadAllText(_path), Is.EqualTo("port = 443\n"));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
            Assert.That(File.GetUnixFileMode(_path) & Others, Is.EqualTo(UnixFileMode.None));
        }
    }

    [Test]
    public void Write_OverAFile_IsRefused()
    {
        File.WriteAllText(_path, "mine");

        Assert.That(InitCommand.Write(_path, "port = 443\n"), Does.Contain(_path).And.Contain("exists"));
        Assert.That(File.ReadAllText(_path), Is.EqualTo("mine"));
    }

    [Test]
    public void Write_IntoNoFolder_SaysSo() =>
        Assert.That(InitCommand.Write(Path.Combine(_path, "in", "nothing.toml"), ""), Does.Contain("cannot be written"));
}
