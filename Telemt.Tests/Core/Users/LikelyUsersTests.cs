using Telemt.Core.Users;

namespace Telemt.Tests.Core.Users;

internal sealed class LikelyUsersTests
{
    private readonly UserDirectory _users = new(HelloMaker.Users(new Random(1), 10));

    [Test]
    public void Find_NeverSeen_IsNobody() => Assert.That(new LikelyUsers().Find(0, _users), Is.EqualTo(-1));

    [Test]
    public void Find_Remembered_IsTheLastUser()
    {
        var likely = new LikelyUsers();
        likely.Remember(0, _users, 3);
        likely.Remember(77, _users, 4);
        likely.Remember(0, _users, 5);

        Assert.That(likely.Find(0, _users), Is.EqualTo(5));
        Assert.That(likely.Find(77, _users), Is.EqualTo(4));
        Assert.That(likely.Find(78, _users), Is.EqualTo(-1));
    }

    [Test]
    public void Find_AfterAReload_FollowsTheName()
    {
        var likely = new LikelyUsers();
        likely.Remember(9, _users, 3);
        likely.Remember(10, _users, 4);
        var reloaded = new UserDirectory([_users.Users[8], _users.Users[3]]);

        Assert.That(likely.Find(9, reloaded), Is.EqualTo(1));
        Assert.That(likely.Find(10, reloaded), Is.EqualTo(-1), "he is gone");
    }

    [Test]
    public void Remember_MoreThanItHolds_KeepsWhatIsAskedFor()
    {
        var likely = new LikelyUsers();
        likely.Remember(1, _users, 7);
        for (var source = 100UL; source < 20_100; source++)
        {
            likely.Remember(source, _users, 1);
            likely.Find(1, _users);
        }

        Assert.That(likely.Find(1, _users), Is.EqualTo(7));
        Assert.That(Enumerable.Range(100, 20_000).Count(source => likely.Find((ulong)source, _users) >= 0), Is.LessThanOrEqualTo(4096));
    }

    [Test]
    public void Find_TheMostRecentSources_AreKnown()
    {
        var likely = new LikelyUsers();
        var random = new Random(2);
        var sources = Enumerable.Range(0, 1_000).Select(_ => (ulong)random.NextInt64()).ToArray();
        foreach (var source in sources)
        {
            likely.Remember(source, _users, 2);
        }

        Assert.That(sources.Count(source => likely.Find(source, _users) == 2), Is.GreaterThan(950));
    }
}
