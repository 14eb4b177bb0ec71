using System.Text.RegularExpressions;
using Telemt.Core.Status;
using Telemt.Tests.Fakes;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Cli;

[Platform("Linux")]
internal sealed class UsersCommandTests
{
    private const string Start = """
        # mine
        port = 8443
        public_ip = "203.0.113.7"
        tls_domain = "www.example.com"

        [users]
        alice = "0123456789abcdef0123456789abcdef"   # the first

        [modes]
        tls = true

        """;

    private TempFolder _folder = null!;
    private string _path = null!;
    private string _error = "";

    [SetUp]
    public void SetUp()
    {
        _folder = new TempFolder();
        _path = _folder.Write("telemt.toml", Start);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Add_PrintsALinkOfTheNewUser()
    {
        var output = await RunAsync(ExitCode.Good, "add", "bob", _path, "--quota", "10GB", "--max-ips", "3", "--expires", "2036-12-31");

        var user = Load().Settings!.Users.FindByName("bob")!;
        Assert.That((user.Quota, user.MaxIps, user.Expires), Is.EqualTo((10_000_000_000L, 3, new DateTimeOffset(2037, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        var link = Regex.Match(output, @"tg://\S+").Value;
        Assert.That(ProxyLink.TryParse(link, out var parsed, out _));
        Assert.That(parsed!.Secret.Key, Is.EqualTo(user.Secret));
    }

    [Test]
    public async Task Verbs_OneAfterTheOther_LeaveTheFileAsItWas()
    {
        await RunAsync(ExitCode.Good, "add", "bob", _path);
        Assert.That(File.ReadAllText(_path), Does.Match("# the first\nbob = \"[0-9a-f]{32}\"\n"));
        await RunAsync(ExitCode.Good, "disable", "bob", _path);
        Assert.That(Load().Settings!.Users.FindByName("bob")!.Enabled, Is.False);
        Assert.That(await RunAsync(ExitCode.Good, "list", _path), Does.Match(@"(?m)^alice  enabled$").And.Match(@"(?m)^bob    disabled$"));

        await RunAsync(ExitCode.Good, "enable", "bob", _path);
        var before = Load().Settings!.Users.FindByName("bob")!.Secret;
        Assert.That(await RunAsync(ExitCode.Good, "rotate", "bob", _path, "--qr"), Does.Contain("secret=ee").And.Contain("▀"));
        Assert.That(Load().Settings!.Users.FindByName("bob")!.Secret, Is.Not.EqualTo(before));

        await RunAsync(ExitCode.Good, "remove", "bob", _path);
        Assert.That(File.ReadAllText(_path), Is.EqualTo(Start));
    }

    [TestCase("there is a user \"alice\"", "add", "alice")]
    [TestCase("no user \"bob\"", "remove", "bob")]
    [TestCase("no user \"bob\"", "rotate", "bob")]
    [TestCase("no user \"bob\"", "disable", "bob")]
    [TestCase("name of a setting", "add", "tls_domain")]
    [TestCase("without a colon", "add", "a:b")]
    [TestCase("users.bob.quota", "add", "bob", "--quota", "much")]
    [TestCase("users.bob", "add", "bob", "--secret", "0123")]
    [TestCase("same secret", "add", "bob", "--secret", "0123456789abcdef0123456789abcdef")]
    public async Task Edit_ThatCannotBe_IsRefusedWithAReason(string reason, params string[] args)
    {
        await RunAsync(ExitCode.Failed, [.. args[..2], _path, .. args[2..]]);

        Assert.That(_error, Does.StartWith("error: ").And.Contain(reason));
        Assert.That(File.ReadAllText(_path), Is.EqualTo(Start));
    }

    private ConfigurationReport Load() => SettingsLoader.Load(_path, ConfigurationOverrides.None);

    private async Task<string> RunAsync(int code, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var ended = await CommandLine.RunAsync(["users", .. args], output, error);
        _error = error.ToString();
        Assert.That(ended, Is.EqualTo(code), _error);
        return output.ToString();
    }
}
