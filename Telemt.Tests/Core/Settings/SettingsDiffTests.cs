using System.Text;
using Telemt.Core.Settings;
using Telemt.Tests.Worker.Configuration;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Core.Settings;

[TestFixture]
internal sealed class SettingsDiffTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Before = """
        tls_domain = "www.example.com"
        [users]
        kept = "00000000000000000000000000000001"
        gone = "00000000000000000000000000000002"
        other = "00000000000000000000000000000003"
        off = "00000000000000000000000000000004"
        late = "00000000000000000000000000000005"
        back = { secret = "00000000000000000000000000000006", enabled = false }
        [[listeners]]
        ip = "0.0.0.0"
        [[listeners]]
        ip = "::1"
        port = 8443
        [[listeners]]
        ip = "/run/telemt.sock"
        port = 1
        """;

    private const string After = """
        tls_domain = "www.example.com"
        [users]
        new = "00000000000000000000000000000007"
        other = "00000000000000000000000000000008"
        kept = "00000000000000000000000000000001"
        off = { secret = "00000000000000000000000000000004", enabled = false }
        late = { secret = "00000000000000000000000000000005", expires = 2026-01-01 }
        back = { secret = "00000000000000000000000000000006" }
        [[listeners]]
        ip = "/run/telemt.sock"
        port = 2
        [[listeners]]
        ip = "::1"
        [[listeners]]
        ip = "0.0.0.0"
        announce_ip = "192.0.2.1"
        """;

    private SettingsDiff _diff = null!;

    [OneTimeSetUp]
    public void Compare() => _diff = SettingsDiff.Between(ConfigText.Settings(Before), ConfigText.Settings(After));

    [Test]
    public void Users_ByName_AreAddedRemovedAndChanged()
        => Assert.Multiple(() =>
        {
            Assert.That(_diff.UsersAdded.Select(user => user.Name), Is.EqualTo(new[] { "new" }));
            Assert.That(_diff.UsersRemoved.Select(user => user.Name), Is.EqualTo(new[] { "gone" }));
            Assert.That(
                _diff.UsersChanged.Select(change => (change.After.Name, change.HasNewSecret, change.IsDisabled, change.IsEnabled)),
                Is.EqualTo(new[] { ("other", true, false, false), ("off", false, true, false), ("late", false, false, false), ("back", false, false, true) }));
        });

    [Test]
    public void Users_WhoseSessionsEnd_AreRemovedRekeyedDisabledAndExpired()
        => Assert.Multiple(() =>
        {
            Assert.That(_diff.UsersCut(Now), Is.EqualTo(new[] { "gone", "other", "off", "late" }));
            Assert.That(_diff.UsersCut(DateTimeOffset.MinValue), Is.EqualTo(new[] { "gone", "other", "off" }));
        });

    [Test]
    public void Listeners_ByPlace_AreAddedKeptAndRemoved()
        => Assert.Multiple(() =>
        {
            Assert.That(_diff.ListenersAdded.Select(Place), Is.EqualTo(new[] { "::1:443" }));
            Assert.That(_diff.ListenersRemoved.Select(Place), Is.EqualTo(new[] { "::1:8443" }));
            Assert.That(_diff.ListenersKept.Select(change => Place(change.After)), Is.EqualTo(new[] { "/run/telemt.sock:2", "0.0.0.0:443" }));
            Assert.That(_diff.ListenersKept[1].Before.AnnounceIp, Is.Null);
            Assert.That(_diff.ListenersKept[1].After.AnnounceIp, Is.Not.Null);
        });

    [Test]
    public void Users_OfAnEditThatLeavesThemAlone_ShareTheirDirectory()
    {
        var loader = new SettingsLoader(ConfigText.Path, ConfigurationOverrides.None, () => HostFacts.None);
        var before = loader.Read(Encoding.UTF8.GetBytes(Before)).Settings!;
        var after = loader.Read(Encoding.UTF8.GetBytes("port = 1\n" + Before), before).Settings!;
        var diff = SettingsDiff.Between(before, after);
        Assert.Multiple(() =>
        {
            Assert.That(after.Users, Is.SameAs(before.Users));
            Assert.That(after.Revision, Is.EqualTo(before.Revision + 1));
            Assert.That(diff.UsersAdded.Length + diff.UsersRemoved.Length + diff.UsersChanged.Length, Is.Zero);
        });
    }

    private static string Place(ListenerSettings listener) => $"{listener.UnixPath ?? listener.Address!.ToString()}:{listener.Port}";
}
