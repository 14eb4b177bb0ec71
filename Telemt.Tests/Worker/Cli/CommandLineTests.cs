using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.Cli;

namespace Telemt.Tests.Worker.Cli;

internal sealed class CommandLineTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private string _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        _folder = Directory.CreateTempSubdirectory("telemt-").FullName;
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Help_NamesEveryVerb()
    {
        Assert.That(await RunAsync("--help"), Is.EqualTo(ExitCode.Good));

        foreach (var verb in new[] { "run", "init", "check", "links", "users", "secret", "ping", "selftest", "version" })
        {
            Assert.That(_output.ToString(), Does.Match($@"(?m)^\s+{verb}\b"), verb);
        }
    }

    [TestCase("--no-such-option")]
    [TestCase("check", "a.toml", "b.toml")]
    [TestCase("secret", "--domain", "a b")]
    [TestCase("secret", "--domain", "192.0.2.1")]
    [TestCase("links", "--user")]
    public async Task WrongUse_IsRefusedInAWord(params string[] args)
    {
        Assert.That(await RunAsync(args), Is.EqualTo(ExitCode.Refused));
        Assert.That(_error.ToString(), Is.Not.Empty);
        Assert.That(_output.ToString(), Is.Empty);
    }

    [TestCase("telemt.toml")]
    [TestCase("run", "telemt.toml")]
    public async Task Run_WithoutTheFile_SaysSoWithTheCure(params string[] args)
    {
        args[^1] = Path.Combine(_folder, args[^1]);

        Assert.That(await RunAsync(args), Is.EqualTo(ExitCode.Refused));
        Assert.That(_error.ToString(), Does.Contain(args[^1]).And.Contain("no such file").And.Contain("telemt init"));
    }

    [Test]
    public async Task Run_WithAPortThatIsNone_NamesTheOption()
    {
        Assert.That(await RunAsync("run", Write(Sample), "--port", "99999"), Is.EqualTo(ExitCode.Refused));
        Assert.That(_error.ToString(), Does.Contain("--port"));
    }

    [Test]
    public async Task Check_OfAGoodFile_SumsItUp()
    {
        Assert.That(await RunAsync("check", Write(Sample)), Is.EqualTo(ExitCode.Good), _output.ToString());
        Assert.That(_output.ToString(), Does.Contain("2 users, modes secure tls, port 8443"));
    }

    [Test]
    public async Task Check_OfADoubtfulFile_Warns()
    {
        Assert.That(await RunAsync("check", Write("no_such_key = 1\n" + Sample)), Is.EqualTo(ExitCode.Failed));
        Assert.That(_output.ToString(), Does.Contain("warning: ").And.Contain("no_such_key"));
    }

    [Test]
    public async Task Check_OfABadFile_NamesEveryProblem()
    {
        var path = Write(Sample.Replace("port = 8443", "port = 99999") + "\n[timeouts]\nidle = \"long\"\n");

        Assert.That(await RunAsync("check", path), Is.EqualTo(ExitCode.Refused));
        Assert.That(_output.ToString(), Does.Contain("port").And.Contain("timeouts.idle"));
    }

    [Test]
    public async Task Secret_WithADomain_HasThreeFormsOfOneKey()
    {
        Assert.That(await RunAsync("secret", "--domain", "petrovich.ru"), Is.EqualTo(ExitCode.Good));

        var words = _output.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var forms = words.Where(word => word.Length >= 32).Select(word => SecretText.TryParse(word, out var secret, out _) ? secret : null).ToArray();
        Assert.That(forms.Select(form => form?.Mode), Is.EqualTo(new[] { ClientMode.Classic, ClientMode.Secure, ClientMode.Tls }));
        Assert.That(forms.Select(form => form?.Key).Distinct().Count(), Is.EqualTo(1));
        Assert.That(forms[2]!.Domain, Is.EqualTo("petrovich.ru"));
    }

    [Test]
    public async Task Secret_Twice_IsNotTheSame()
    {
        await RunAsync("secret");
        var first = _output.ToString();
        _output.GetStringBuilder().Clear();
        await RunAsync("secret");

        Assert.That(_output.ToString(), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Links_OfOneUser_AreOnlyTheirs()
    {
        Assert.That(await RunAsync("links", Write(Sample), "--user", "hello"), Is.EqualTo(ExitCode.Good));

        var links = _output.ToString().Split('\n').Where(line => line.Contains("tg://")).Select(line => line.Trim()).ToArray();
        Assert.That(links, Has.Length.EqualTo(2));
        foreach (var text in links)
        {
            Assert.That(ProxyLink.TryParse(text, out var link, out var problem), Is.True, problem);
            Assert.That((link!.Server, link.Port), Is.EqualTo(("8.8.4.4", 8443)));
            Assert.That(Convert.ToHexStringLower(link.Secret.Key.Bytes), Is.EqualTo("ffeeddccbbaa99887766554433221100"));
        }
    }

    [Test]
    public async Task Links_OfNobody_SaysWhoThereIs()
    {
        Assert.That(await RunAsync("links", Write(Sample), "--user", "tella"), Is.EqualTo(ExitCode.Failed));
        Assert.That(_error.ToString(), Does.Contain("tella").And.Contain("tele, hello"));
    }

    [Test]
    public async Task Version_NamesTelemtAndItsRuntime()
    {
        Assert.That(await RunAsync("version"), Is.EqualTo(ExitCode.Good));
        Assert.That(_output.ToString(), Does.Match(@"^telemt \d+\.\d+\.\d+.*\(\.NET 10\."));
    }

    private const string Sample = """
        port = 8443
        public_ip = "8.8.4.4"
        tls_domain = "petrovich.ru"
        show_links = ["*"]
        [modes]
        secure = true
        tls = true
        [users]
        tele = "00112233445566778899aabbccddeeff"
        hello = "ffeeddccbbaa99887766554433221100"
        """;

    private Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, _output, _error);

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "telemt.toml");
        File.WriteAllText(path, text);
        return path;
    }
}
