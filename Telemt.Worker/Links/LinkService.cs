using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Links;

/// <summary>Writes the links that show_links asks for: once everything has started, at each reload, and when the address is known.</summary>
internal sealed class LinkService(IOptionsMonitor<ProxySettings> settings, PublicAddressService addresses, LinkWriter writer)
    : IHostedLifecycleService, IDisposable
{
    private IDisposable? _subscription;
    private UserLink[] _written = [];

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Write();
        _subscription = settings.OnChange((_, _) => Write());
        addresses.Changed += WriteWhenNew;
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
        addresses.Changed -= WriteWhenNew;
    }

    private void Write() => Write(Links());

    /// <summary>An address that no link names is no reason to write them again.</summary>
    private void WriteWhenNew()
    {
        var links = Links();
        if (!links.SequenceEqual(Volatile.Read(ref _written)))
        {
            Write(links);
        }
    }

    private void Write(UserLink[] links)
    {
        Volatile.Write(ref _written, links);
        writer.Write(links);
    }

    private UserLink[] Links() => [.. LinkList.Shown(settings.CurrentValue, addresses.For(settings.CurrentValue))];
}
