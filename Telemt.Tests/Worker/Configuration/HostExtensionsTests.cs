using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

[TestFixture]
internal sealed class HostExtensionsTests
{
    private string _folder = null!;

    private string File => Path.Combine(_folder, "telemt.toml");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("telemt-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Host_WithAGoodFile_FollowsItsEdits()
    {
        System.IO.File.WriteAllText(File, ConfigText.Least);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var settings = builder.AddTelemtConfiguration(File, ConfigurationOverrides.None.WithOption("port", "8443", "--port"));
        using var host = builder.Build();
        var monitor = host.Services.GetRequiredService<IOptionsMonitor<ProxySettings>>();
        Assert.That(monitor.CurrentValue, Is.SameAs(settings));

        await host.StartAsync();
        System.IO.File.WriteAllText(File, ConfigText.Least + "port = 1002\nprefer_ipv6 = true\n");
        await Wait.UntilAsync(() => monitor.CurrentValue.PreferIpv6, "the edit");
        await host.StopAsync();
        Assert.Multiple(() =>
        {
            Assert.That(monitor.CurrentValue.Port, Is.EqualTo(8443), "options go before the file at a reload too");
            Assert.That(monitor, Is.SameAs(host.Services.GetRequiredService<LastGoodMonitor>()));
        });
    }

    [Test]
    public void Host_WithABadFile_IsNotBuilt()
    {
        System.IO.File.WriteAllText(File, ConfigText.Least + "port = 0\nmask = 0\n");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var thrown = Assert.Throws<ConfigurationException>(() => builder.AddTelemtConfiguration(File, ConfigurationOverrides.None));
        Assert.That(thrown.Report.Errors, Has.Length.EqualTo(2));
    }

    [Test]
    public void File_ThatCannotBeRead_IsOneErrorWithItsCure()
    {
        System.IO.File.WriteAllText(File, "");
        Assert.Multiple(() =>
        {
            Assert.That(Error(File + ".not"), Does.EndWith("there is no such file; name another, or let `telemt init` write one"));
            Assert.That(Error(_folder), Does.EndWith("is a directory; name the file in it"));
            Assert.That(Error("/dev/zero"), Does.Contain("larger than"));
            Assert.That(Error(File), Does.EndWith("the file is empty; `telemt init` writes one to start from"));
        });
    }

    private static string Error(string path) => SettingsLoader.Load(path, ConfigurationOverrides.None).Errors.Single().ToString();
}
