using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Telemt.Worker.Links;

internal static class LinksServiceCollectionExtensions
{
    /// <summary>Finds the public address in the background and writes links to <paramref name="output"/>.</summary>
    public static IServiceCollection AddTelemtLinks(this IServiceCollection services, TextWriter output) => services
        .AddSingleton(new LinkWriter(output))
        .AddSingleton<IAddressLookup, HttpAddressLookup>()
        .AddSingleton(provider => new PublicAddressFinder(RoutedAddress.Find, provider.GetRequiredService<IAddressLookup>()))
        .AddSingleton<PublicAddressService>()
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<PublicAddressService>())
        .AddSingleton<IHostedService, LinkService>();
}
