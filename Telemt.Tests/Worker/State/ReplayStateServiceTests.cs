using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Replay;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.State;

namespace Telemt.Tests.Worker.State;

internal sealed class ReplayStateServiceTests
{
    private static readonly byte[] Seen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    [Test]
    public async Task Service_StoppedAndStartedWithAState_StillKnowsAHandshake()
    {
        using var folder = new TempFolder();
        var monitor = new FakeMonitor<ProxySettings>(Samples.Settings() with { State = folder.Path });
        var before = Window(1);
        using (var service = Service(before, monitor))
        {
            await service.StartAsync(default);
            Assert.That(before.TryAdd(Seen));
            await service.StopAsync(default);
        }

        var after = Window(2);
        using (var service = Service(after, monitor))
        {
            await service.StartAsync(default);
            Assert.That(after.TryAdd(Seen), Is.False);
            await service.StopAsync(default);
        }
    }

    [Test]
    public async Task Service_TornFile_StartsEmptyAndServes()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "replay.bin"), [1, 2, 3]);
        var window = Window(1);
        using var service = Service(window, new FakeMonitor<ProxySettings>(Samples.Settings() with { State = folder.Path }));
        await service.StartAsync(default);
        Assert.That(window.TryAdd(Seen));
        await service.StopAsync(default);
    }

    [Test]
    public async Task Service_CapacityIsEdited_TakesEffectAtOnce()
    {
        var monitor = new FakeMonitor<ProxySettings>(Samples.Settings());
        var window = Window(1);
        using var service = Service(window, monitor);
        await service.StartAsync(default);
        for (var i = 0; i < 1000; i++)
        {
            window.TryAdd(BitConverter.GetBytes((long)i));
        }

        monitor.Set(Samples.Settings() with { Replay = new ReplaySettings { Capacity = 160 } });
        Assert.That(window.Count, Is.LessThanOrEqualTo(160));
        await service.StopAsync(default);
    }

    private static ReplayWindow Window(int seed) => new(1024, new ManualTimeProvider(), new SeededRandom(seed));

    private static ReplayStateService Service(ReplayWindow window, FakeMonitor<ProxySettings> monitor) =>
        new(window, monitor, TimeProvider.System, NullLogger<ReplayStateService>.Instance);
}
