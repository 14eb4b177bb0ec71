using System.Net;
using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Cli;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>`telemt status` of a proxy that runs, and of one that does not.</summary>
[Platform("Linux")]
internal sealed class StatusCommandTests
{
    private string _output = "";
    private string _error = "";

    [Test]
    public async Task Status_OfARunningProxy_TellsWhoIsThere()
    {
        await using var it = await ControlFixture.StartAsync(toml => toml["control.token"] = Text("a-token-of-enough-length"));
        using var client = await it.Proxy.EchoingAsync(Form.Tls);
        it.Http.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-of-enough-length");
        await Wait.UntilAsync(() => it.GetAsync("/api/v1/status").GetAwaiter().GetResult().GetProperty("sessions").GetInt32() == 1, "a sample with the session");

        await RunAsync(ExitCode.Good, it.Proxy.Path);

        Assert.That(_output, Does.Contain("health    good").And.Contain("sessions  1 now").And.Contain("users     "));
        Assert.That(_error, Is.Empty);
    }

    [Test]
    public async Task Quiet_OfARunningProxy_PrintsNothing()
    {
        await using var it = await ControlFixture.StartAsync();

        await RunAsync(ExitCode.Good, it.Proxy.Path, "--quiet");

        Assert.That(_output + _error, Is.Empty);
    }

    [TestCase(null)]
    [TestCase("--quiet")]
    public async Task Status_OfAStoppedProxy_SaysThatNobodyAnswers(string? option)
    {
        await using var it = await ControlFixture.StartAsync();
        await it.Proxy.StopHostAsync();

        await RunAsync(ExitCode.Failed, option is null ? [it.Proxy.Path] : [it.Proxy.Path, option]);

        Assert.That(_error, option is null ? Does.Contain("does not answer").And.Contain("does telemt run?") : Is.Empty);
    }

    [Test]
    public async Task Status_WithoutThePage_AsksThePort()
    {
        await using var proxy = await ProxyFixture.StartAsync();

        await RunAsync(ExitCode.Good, proxy.Path, "--quiet");
        await RunAsync(ExitCode.Failed, proxy.Path);

        Assert.That(_error, Does.Contain("the port is open").And.Contain("[control] enabled = true"));
    }

    [Test]
    public async Task Status_OfAnotherProxysFile_SaysSo()
    {
        await using var it = await ControlFixture.StartAsync(toml => toml["control.token"] = Text("a-token-of-enough-length"));
        var other = it.Proxy.Path + ".other";
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(it.Proxy.Path)).Replace("a-token-of-enough", "b-token-of-enough"));

        await RunAsync(ExitCode.Failed, other);

        Assert.That(_error, Does.Contain("answers 401").And.Contain("is this the file"));
    }

    [Test]
    public async Task Status_OfSomebodyWhoNeverAnswers_Ends()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var it = await ControlFixture.StartAsync();
        var other = it.Proxy.Path + ".other";
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(it.Proxy.Path)).Replace($":{it.Port}", $":{port}"));

        await RunAsync(ExitCode.Failed, other);

        Assert.That(_error, Does.Contain("timed out"));
    }

    private async Task RunAsync(int code, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var ended = await CommandLine.RunAsync(["status", .. args], output, error);
        (_output, _error) = (output.ToString(), error.ToString());
        Assert.That(ended, Is.EqualTo(code), _output + _error);
    }
}
