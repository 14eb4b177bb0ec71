using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Links;

/// <summary>Writes the links that show_links asks for: once everything has started, at each reload, and when the address is known.</summary>
internal sealed class LinkService(IOptionsMonitor<ProxySettings> settings, PublicAddressService addresses, LinkWriter writer)
    : IHostedLifecycleService, IDisposable
{
    private IDisposable? _subscription;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Write();
        _subscription = settings.OnChange((_, _) => Write());
        addresses.Changed += Write;
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _subscription?.Dispose();
        addresses.Changed -= Write;
    }

    private void Write() => writer.Write(LinkList.Shown(settings.CurrentValue, addresses.Current));
}
