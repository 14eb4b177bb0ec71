using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;
using Telemt.Worker.Hosting;

namespace Telemt.Tests.Worker.Hosting;

[Platform("Linux")]
internal sealed class TelemtHostTests
{
    private string _folder = null!;
    private string _path = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("telemt-").FullName;
        _path = Path.Combine(_folder, "telemt.toml");
        Write("");
    }

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Run_AfterAFault_IsNoGoodEnd()
    {
        using var host = Build(services => services.AddHostedService<Faulty>());

        Assert.That(await TelemtHost.RunAsync(host), Is.EqualTo(ExitCode.Failed));
    }

    [Test]
    public async Task Run_StoppedFromInside_IsAGoodEnd()
    {
        using var host = Build(_ => { });
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);

        Assert.That(await TelemtHost.RunAsync(host), Is.EqualTo(ExitCode.Good));
    }

    [Test]
    public async Task ShutdownTimeout_FollowsTheDrain()
    {
        using var host = Build(_ => { });
        var options = host.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        await host.StartAsync();
        Assert.That(options.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(35)));

        Write("[timeouts]\ndrain = 70\n");
        host.Services.GetRequiredService<ConfigurationReloadService>().Reload(asked: false);

        Assert.That(options.ShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(75)));
        await host.StopAsync();
    }

    private IHost Build(Action<IServiceCollection> also) =>
        TelemtHost.Build(
            _path,
            ConfigurationOverrides.None,
            TextWriter.Null,
            services => also(services.AddLogging(logging => logging.ClearProviders())));

    private void Write(string extra) => File.WriteAllText(
        _path,
        $"""
        port = {RunningTelemt.FreePort()}
        public_ip = "8.8.4.4"
        tls_domain = "petrovich.ru"
        mask = false
        [users]
        tele = "00112233445566778899aabbccddeeff"
        [[listeners]]
        ip = "127.0.0.1"
        [control]
        enabled = false
        {extra}
        """);

    private sealed class Faulty : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => throw new InvalidOperationException("a fault of ours");
    }
}
