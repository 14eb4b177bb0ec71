using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class LinkServiceTests
{
    private const string Secret = "ee" + LinkSettings.TeleKey + "706574726f766963682e7275";

    [Test]
    public async Task Run_PrintsAtStartAtReloadAndWhenTheAddressIsKnown()
    {
        var output = new StringWriter();
        var settings = new FakeMonitor<ProxySettings>(LinkSettings.Create() with { ShowLinks = ["tele"] });
        var lookup = new FakeLookup();
        using var addresses = new PublicAddressService(
            settings,
            new PublicAddressFinder(_ => null, lookup),
            TimeProvider.System,
            NullLogger<PublicAddressService>.Instance);
        using var service = new LinkService(settings, addresses, new LinkWriter(output));

        await addresses.StartAsync(CancellationToken.None);
        await lookup.AskedAsync();
        Assert.That(output.ToString(), Is.Empty, "nothing is printed before everything has started");

        await service.StartedAsync(CancellationToken.None);
        Assert.That(Taken(output), Is.EqualTo(Block(LinkList.Placeholder, 443)));

        settings.Set(settings.CurrentValue with { Listeners = [LinkSettings.Listener("0.0.0.0", 8443)] });
        Assert.That(Taken(output), Is.EqualTo(Block(LinkList.Placeholder, 8443)));

        lookup.Held = new TaskCompletionSource<IPAddress?>(TaskCreationOptions.RunContinuationsAsynchronously);
        settings.Set(settings.CurrentValue with { PublicAddress = new PublicAddressSettings(null, new Uri("https://lookup.example")) });
        Assert.That(Taken(output), Is.EqualTo(Block(LinkList.Placeholder, 8443)));
        var known = KnownAsync(addresses);
        lookup.Held.SetResult(IPAddress.Parse("8.8.4.4"));
        await known;
        Assert.That(Taken(output), Is.EqualTo(Block("8.8.4.4", 8443)));

        settings.Set(settings.CurrentValue with { PublicAddress = new PublicAddressSettings(IPAddress.Parse("9.9.9.9"), null) });
        Assert.That(Taken(output), Is.EqualTo(Block("9.9.9.9", 8443)), "what the operator says counts at once");

        await service.StoppingAsync(CancellationToken.None);
        settings.Set(settings.CurrentValue with { Port = 1 });
        Assert.That(output.ToString(), Is.Empty);
        await addresses.StopAsync(CancellationToken.None);
    }

    private static Task KnownAsync(PublicAddressService addresses)
    {
        var known = new TaskCompletionSource();
        addresses.Changed += () => known.TrySetResult();
        return known.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static string Taken(StringWriter output)
    {
        var text = output.ToString();
        output.GetStringBuilder().Clear();
        return text;
    }

    private static string Block(string server, int port) => string.Concat(
        "tele: fake TLS (ee), petrovich.ru" + Environment.NewLine,
        $"  tg://proxy?server={server}&port={port}&secret={Secret}" + Environment.NewLine,
        $"  https://t.me/proxy?server={server}&port={port}&secret={Secret}" + Environment.NewLine);
}
