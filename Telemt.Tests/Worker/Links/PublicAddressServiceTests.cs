using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class PublicAddressServiceTests
{
    private static readonly IPAddress V4 = IPAddress.Parse("8.8.4.4");

    private FakeLookup _lookup = null!;
    private FakeMonitor<ProxySettings> _settings = null!;
    private TaskCompletionSource _changed = null!;
    private PublicAddressService _service = null!;
    private string _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("telemt-").FullName;
        _lookup = new FakeLookup();
        _settings = new FakeMonitor<ProxySettings>(LinkSettings.Create() with { State = _folder });
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _service = Create(null);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Start_WithAPublicRoute_KnowsItAtOnce()
    {
        _service = Create(V4);

        await _service.StartAsync(CancellationToken.None);

        Assert.That(Current.V4, Is.EqualTo(V4));
    }

    [Test]
    public async Task Start_BehindTranslation_AsksInTheBackgroundAndKeepsTheAnswer()
    {
        _lookup.Answer = V4;

        await _service.StartAsync(CancellationToken.None);
        Assert.That(Current, Is.EqualTo(PublicAddresses.Unknown).Or.EqualTo(new PublicAddresses(V4, null)));

        await ChangedAsync();
        Assert.That(Current.V4, Is.EqualTo(V4));
        Assert.That(PublicAddressFile.Read(_folder).V4, Is.EqualTo(V4));
    }

    [Test]
    public async Task Start_WithAKeptAddress_UsesItUntilItIsKnownBetter()
    {
        PublicAddressFile.TryWrite(_folder, new PublicAddresses(IPAddress.Parse("9.9.9.9"), null));

        await _service.StartAsync(CancellationToken.None);
        await _lookup.AskedAsync();

        Assert.That(Current.V4, Is.EqualTo(IPAddress.Parse("9.9.9.9")), "nobody answered");
    }

    [Test]
    public async Task Reload_ThatGivesTheAddress_IsFollowedAtOnce()
    {
        await _service.StartAsync(CancellationToken.None);
        await _lookup.AskedAsync();

        _settings.Set(_settings.CurrentValue with { PublicAddress = new PublicAddressSettings(V4, null) });

        Assert.That(Current.V4, Is.EqualTo(V4));
        Assert.That(_lookup.Unseen, Is.Zero, "nobody is asked for what the operator says");
    }

    [Test]
    public async Task Reload_OfSomethingElse_AsksNobody()
    {
        await _service.StartAsync(CancellationToken.None);
        await _lookup.AskedAsync();

        _settings.Set(_settings.CurrentValue with { FastMode = false });
        _settings.Set(_settings.CurrentValue with { PublicAddress = new PublicAddressSettings(null, new Uri("https://a.example")) });
        await _lookup.AskedAsync();

        Assert.That(_lookup.Urls, Is.EqualTo(new[] { null, new Uri("https://a.example") }));
    }

    [Test]
    public void IsWanted_OnlyWhenALinkNeedsTheAnswer()
    {
        var settings = LinkSettings.Create();
        var announced = LinkSettings.Listener("0.0.0.0") with { Announce = "proxy.example" };

        Assert.That(PublicAddressService.IsWanted(settings, PublicAddresses.Unknown), Is.True);
        Assert.That(PublicAddressService.IsWanted(settings, new PublicAddresses(V4, null)), Is.False);
        Assert.That(PublicAddressService.IsWanted(settings with { ShowLinks = [] }, PublicAddresses.Unknown), Is.False);
        Assert.That(PublicAddressService.IsWanted(settings with { Listeners = [announced] }, PublicAddresses.Unknown), Is.False);
    }

    [TestCase(0, 6 * 3600)]
    [TestCase(1, 30)]
    [TestCase(2, 60)]
    [TestCase(5, 480)]
    [TestCase(10, 15360)]
    [TestCase(11, 6 * 3600)]
    [TestCase(1000, 6 * 3600)]
    public void Pause_AfterFailures_GrowsToABound(int failures, double seconds) =>
        Assert.That(PublicAddressService.Pause(failures).TotalSeconds, Is.EqualTo(seconds));

    private PublicAddresses Current => _service.For(_settings.CurrentValue);

    private Task ChangedAsync() => _changed.Task.WaitAsync(TimeSpan.FromSeconds(20));

    private PublicAddressService Create(IPAddress? routed)
    {
        var finder = new PublicAddressFinder(family => family == AddressFamily.InterNetwork ? routed : null, _lookup);
        var service = new PublicAddressService(_settings, finder, TimeProvider.System, NullLogger<PublicAddressService>.Instance);
        service.Changed += () => _changed.TrySetResult();
        return service;
    }
}
