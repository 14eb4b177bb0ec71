using System.Net;
using Telemt.Core;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Policy;

internal sealed class UserAccountTests
{
    private static readonly UserSettings User = new() { Name = "alice", Secret = new Secret(new byte[16]), IpWindow = TimeSpan.FromSeconds(60) };

    private readonly ManualTimeProvider _clock = new();

    [Test]
    public void Enter_AsManySessionsAsThereMayBe_TheNextIsRefused()
    {
        var account = Account();
        var user = User with { MaxConnections = 2 };
        Assert.Multiple(() =>
        {
            Assert.That(account.Enter(user, From("192.0.2.1")), Is.EqualTo(Refusal.None));
            Assert.That(account.Enter(user, From("192.0.2.1")), Is.EqualTo(Refusal.None));
            Assert.That(account.Enter(user, From("192.0.2.1")), Is.EqualTo(Refusal.UserConnections));
            Assert.That(account.Enter(User, From("192.0.2.1")), Is.EqualTo(Refusal.None), "the limit was taken away");
            Assert.That(account.Sessions, Is.EqualTo(3));
        });
        account.Leave(From("192.0.2.1"));
        account.Leave(From("192.0.2.1"));
        Assert.That(account.Enter(user, From("192.0.2.1")), Is.EqualTo(Refusal.None));
    }

    [Test]
    public void Enter_FromManyThreads_IsExact()
    {
        var account = Account();
        var user = User with { MaxConnections = 100 };
        var entered = 0;
        Parallel.For(0, 1000, _ => Interlocked.Add(ref entered, account.Enter(user, From("192.0.2.1")) == Refusal.None ? 1 : 0));
        Assert.That((entered, account.Sessions), Is.EqualTo((100, 100)));
    }

    [Test]
    public void Enter_OneAddressTooMany_WaitsUntilAnotherHasBeenGoneForTheWindow()
    {
        var account = Account();
        var user = User with { MaxIps = 2 };
        account.Enter(user, From("192.0.2.1"));
        account.Enter(user, From("192.0.2.2"));
        Assert.That(account.Enter(user, From("192.0.2.3")), Is.EqualTo(Refusal.UserAddresses));
        Assert.That(account.Enter(user, From("192.0.2.2")), Is.EqualTo(Refusal.None), "one that counts already");

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(account.Enter(user, From("192.0.2.3")), Is.EqualTo(Refusal.UserAddresses), "its session still runs");

        account.Leave(From("192.0.2.1"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(account.Enter(user, From("192.0.2.3")), Is.EqualTo(Refusal.UserAddresses));
        Assert.That(account.CountAddresses(user.IpWindow), Is.EqualTo(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(account.Enter(user, From("192.0.2.3")), Is.EqualTo(Refusal.None));
        Assert.That(account.CountAddresses(user.IpWindow), Is.EqualTo(2));
    }

    [Test]
    public void Enter_Ipv6_CountsBySlash64()
    {
        var account = Account();
        var user = User with { MaxIps = 1 };
        Assert.Multiple(() =>
        {
            Assert.That(account.Enter(user, From("2001:db8:0:1::1")), Is.EqualTo(Refusal.None));
            Assert.That(account.Enter(user, From("2001:db8:0:1:ffff::2")), Is.EqualTo(Refusal.None));
            Assert.That(account.Enter(user, From("2001:db8:0:2::1")), Is.EqualTo(Refusal.UserAddresses));
            Assert.That(account.Enter(user, default), Is.EqualTo(Refusal.None), "a unix socket's peer has none");
        });
    }

    [Test]
    public void Addresses_OfAUserWithoutALimit_AreForgottenInTime()
    {
        var account = Account();
        for (var i = 0; i < 10_000; i++)
        {
            var source = From($"10.0.{i >> 8}.{i & 255}");
            account.Enter(User, source);
            account.Leave(source);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(account.CountAddresses(User.IpWindow), Is.LessThanOrEqualTo(60));
    }

    [Test]
    public void Quota_Spent_KeepsOutUntilItsPeriodEnds()
    {
        var account = Account();
        var user = User with { Quota = 1000, QuotaPeriod = QuotaPeriod.Day };
        account.Traffic.Add(999, _clock.GetUtcNow());
        Assert.That(account.Enter(user, default), Is.EqualTo(Refusal.None));
        account.Traffic.Add(1, _clock.GetUtcNow());
        Assert.Multiple(() =>
        {
            Assert.That(account.Enter(user, default), Is.EqualTo(Refusal.UserQuota));
            Assert.That(account.Left(user), Is.Zero);
            Assert.That(account.Enter(user with { Quota = 1001 }, default), Is.EqualTo(Refusal.None));
        });
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.That(account.Enter(user, default), Is.EqualTo(Refusal.None));
    }

    private static ClientAddress From(string address) => new(new IPEndPoint(IPAddress.Parse(address), 1000));

    private UserAccount Account() => new("alice", _clock);
}
