using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.State;

namespace Telemt.Tests.Worker.State;

internal sealed class TrafficStateServiceTests
{
    private readonly ManualTimeProvider _clock = new();
    private TempFolder _folder = null!;
    private FakeMonitor<ProxySettings> _settings = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TempFolder();
        _settings = new FakeMonitor<ProxySettings>(Samples.Settings() with { State = _folder.Path });
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    /// <summary>At a restart the new process serves while the old one's sessions finish; what both move counts once.</summary>
    [Test]
    public async Task Service_BesideTheProcessBeforeIt_KnowsWhatThatOneCountsAndAddsItsOwn()
    {
        var (before, after) = (new UserAccounts(_clock), new UserAccounts(_clock));
        using var old = Service(before);
        await old.StartAsync(default);
        Move(before, 100);
        old.Save(everybody: true);

        using var young = Service(after);
        await young.StartAsync(default);
        Assert.That(Used(after), Is.EqualTo(100));
        Move(after, 5);
        Move(before, 20);
        old.Save(everybody: true);
        young.Save(everybody: true);
        Assert.That(Used(after), Is.EqualTo(125), "the old one still has the file");

        Move(before, 3);
        await old.StopAsync(default);
        old.Dispose();
        young.Save(everybody: true);
        Assert.That(Used(after), Is.EqualTo(128));
        await young.StopAsync(default);
        Assert.That(TrafficFile.Read(_folder[TrafficStateService.FileName]).Single().Total, Is.EqualTo(128));
    }

    [Test]
    public async Task Service_FolderTakenAwayAndGivenBack_CountsNothingTwice()
    {
        var accounts = new UserAccounts(_clock);
        using var service = Service(accounts);
        await service.StartAsync(default);
        Move(accounts, 100);
        service.Save(everybody: true);
        _settings.Set(_settings.CurrentValue with { State = null });
        Move(accounts, 10);
        service.Save(everybody: true);
        _settings.Set(_settings.CurrentValue with { State = _folder.Path });
        service.Save(everybody: true);
        await service.StopAsync(default);

        Assert.That(Used(accounts), Is.EqualTo(110));
        Assert.That(TrafficFile.Read(_folder[TrafficStateService.FileName]).Single().Total, Is.EqualTo(110));
    }

    [Test]
    public async Task Service_FolderThatCannotBe_CountsOn()
    {
        _settings.Set(_settings.CurrentValue with { State = _folder.Write("file", "not a folder") });
        var accounts = new UserAccounts(_clock);
        using var service = Service(accounts);
        await service.StartAsync(default);
        Move(accounts, 100);
        service.Save(everybody: true);
        _settings.Set(_settings.CurrentValue with { State = _folder["new"] });
        service.Save(everybody: true);
        await service.StopAsync(default);

        Assert.That(TrafficFile.Read(Path.Combine(_folder["new"], TrafficStateService.FileName)).Single().Total, Is.EqualTo(100));
    }

    private void Move(UserAccounts accounts, long bytes) => accounts.Of("tele").Traffic.Add(bytes, _clock.GetUtcNow());

    private long Used(UserAccounts accounts) => accounts.Of("tele").Traffic.Used(QuotaPeriod.Month, _clock.GetUtcNow());

    private TrafficStateService Service(UserAccounts accounts) =>
        new(accounts, new TrafficSignal(), _settings, _clock, NullLogger<TrafficStateService>.Instance);
}
