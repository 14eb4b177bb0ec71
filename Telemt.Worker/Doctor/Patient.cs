using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core;
using Telemt.Core.Settings;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;
using Telemt.Worker.Links;

namespace Telemt.Worker.Doctor;

/// <summary>What all checks look at: the settings, this host, and whom to ask outside. The questions that several share are asked once.</summary>
internal sealed class Patient
{
    private readonly Lazy<Task<PublicAddresses>> _addresses;
    private readonly Lazy<Task<RunningProxy>> _running;

    public Patient(ConfigurationReport report, ProxySettings settings, DoctorSurroundings around, CancellationToken cancellation)
    {
        (Report, Settings, Around) = (report, settings, around);
        _addresses = new(() => LinksCommand.FindAsync(settings, new PublicAddressFinder(around.Routed, around.Lookup), cancellation));
        _running = new(() => RunningProxy.AskAsync(settings, cancellation));
    }

    public ConfigurationReport Report { get; }

    public ProxySettings Settings { get; }

    public DoctorSurroundings Around { get; }

    public IRandomSource Random { get; } = new SystemRandomSource();

    public TimeProvider Clock => Around.Clock;

    /// <summary>Where the internet finds this host.</summary>
    public Task<PublicAddresses> PublicAddresses => _addresses.Value;

    /// <summary>What answers by the page of these settings.</summary>
    public Task<RunningProxy> Running => _running.Value;
}

/// <summary>What tests put something else in the place of.</summary>
internal sealed record DoctorSurroundings
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IAddressLookup Lookup { get; init; } = new HttpAddressLookup(NullLogger<HttpAddressLookup>.Instance);

    public Func<System.Net.Sockets.AddressFamily, IPAddress?> Routed { get; init; } = RoutedAddress.Find;

    /// <summary>Web servers with a clock, besides the mask host.</summary>
    public ImmutableArray<Uri> Clocks { get; init; } =
        [new("https://core.telegram.org/"), new("https://web.telegram.org/"), new("https://www.debian.org/")];

    /// <summary>Asked by NTP.</summary>
    public ImmutableArray<string> TimeServers { get; init; } = ["pool.ntp.org", "time.cloudflare.com"];

    /// <summary>Where the kernel's settings are.</summary>
    public string Kernel { get; init; } = "/proc/sys";

    /// <summary>Of one check as a whole.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(40);
}
