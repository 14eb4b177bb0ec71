using Microsoft.Extensions.DependencyInjection;
using Telemt.Core.Fronting;

namespace Telemt.Worker.Fronting;

internal static class FrontingServiceCollectionExtensions
{
    /// <summary>How the first flight comes to look like the mask host's.</summary>
    public static IServiceCollection AddTelemtFronting(this IServiceCollection services) => services
        .AddSingleton(ProbePace.Usual)
        .AddSingleton<FlightProfiles>()
        .AddSingleton<IFlightProfiles>(provider => provider.GetRequiredService<FlightProfiles>())
        .AddHostedService<MaskProfileService>();
}
