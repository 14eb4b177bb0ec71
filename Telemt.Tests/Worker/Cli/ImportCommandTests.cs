using Telemt.Tests.Fakes;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Cli;

[Platform("Linux")]
internal sealed class ImportCommandTests
{
    private const string Source = "USERS = {\"tg\": \"0123456789abcdef0123456789abcdef\"}\nPORT = 8443\nTLS_DOMAIN = \"a.example.org\"\n";

    private TempFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TempFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Output_Named_IsWrittenAndChecks()
    {
        var target = Path.Combine(_folder.Path, "telemt.toml");

        var (code, output, error) = await RunAsync(_folder.Write("config.py", Source), "--output", target);

        Assert.That((code, error), Is.EqualTo((ExitCode.Good, "")));
        Assert.That(output, Does.Contain("is written"));
        Assert.That(SettingsLoader.Load(target, ConfigurationOverrides.None).Lines(), Is.Empty);
    }

    [Test]
    public async Task Output_ThatExists_IsLeftAlone()
    {
        var target = _folder.Write("telemt.toml", "mine");

        var (code, _, error) = await RunAsync(_folder.Write("config.py", Source), "-o", target);

        Assert.That(code, Is.EqualTo(ExitCode.Refused));
        Assert.That(error, Does.Contain("exists"));
        Assert.That(File.ReadAllText(target), Is.EqualTo("mine"));
    }

    [Test]
    public async Task WithoutOutput_PrintsTheFileAndTellsTheRestApart()
    {
        var (code, output, error) = await RunAsync(_folder.Write("config.py", Source + "METRICS_PORT = 9090\n"));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.StartWith("# telemt.toml").And.Contain("\ntg = \"0123456789abcdef0123456789abcdef\"\n"));
        Assert.That(error, Does.Match(@"config\.py:4: METRICS_PORT has no counterpart").And.Not.Contain("0123456789abcdef"));
    }

    [Test]
    public async Task NoFile_IsSaid()
    {
        var (code, _, error) = await RunAsync(Path.Combine(_folder.Path, "none.toml"));

        Assert.That(code, Is.EqualTo(ExitCode.Refused));
        Assert.That(error, Does.Contain("there is no such file"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (await CommandLine.RunAsync(["import", .. args], output, error), output.ToString(), error.ToString());
    }
}
