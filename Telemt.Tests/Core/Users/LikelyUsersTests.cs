using Telemt.Core.Users;

namespace Telemt.Tests.Core.Users;

internal sealed class LikelyUsersTests
{
    private readonly UserDirectory _users = new(HelloMaker.Users(new Random(1), 10));

    [Test]
    public void Find_NeverSeen_IsNobody() => Assert.That(Find(new LikelyUsers(), 0), Is.Empty);

    [Test]
    public void Find_Remembered_IsTheLastUserFirst()
    {
        var likely = new LikelyUsers();
        likely.Remember(0, _users, 3);
        likely.Remember(77, _users, 4);
        likely.Remember(0, _users, 5);

        Assert.That(Find(likely, 0), Is.EqualTo(new[] { 5, 3 }));
        Assert.That(Find(likely, 77), Is.EqualTo(new[] { 4 }));
        Assert.That(Find(likely, 78), Is.Empty);
    }

    [Test]
    public void Find_AfterAReload_FollowsTheName()
    {
        var likely = new LikelyUsers();
        likely.Remember(9, _users, 3);
        likely.Remember(10, _users, 4);
        var reloaded = new UserDirectory([_users.Users[8], _users.Users[3]]);

        Assert.That(Find(likely, 9, reloaded), Is.EqualTo(new[] { 1 }));
        Assert.That(Find(likely, 10, reloaded), Is.Empty, "he is gone");
    }

    [Test]
    public void Remember_MoreThanItHolds_KeepsWhatIsAskedFor()
    {
        var likely = new LikelyUsers();
        likely.Remember(1, _users, 7);
        const int Many = 3 * LikelyUsers.Capacity;
        for (var source = 100UL; source < 100 + Many; source++)
        {
            likely.Remember(source, _users, 1);
            likely.Find(1, _users);
        }

        Assert.That(Find(likely, 1), Is.EqualTo(new[] { 7 }));
        Assert.That(Enumerable.Range(100, Many).Count(source => !likely.Find((ulong)source, _users).IsEmpty), Is.LessThanOrEqualTo(LikelyUsers.Capacity));
    }

    /// <summary>A household, or all that a carrier hides behind one address.</summary>
    [Test]
    public void Find_ManyUsersOfOneSource_AreTheLastFourAndLeaveOthersTheirPlaces()
    {
        var likely = new LikelyUsers();
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            likely.Remember(5, _users, random.Next(9));
        }

        for (var user = 0; user < 9; user++)
        {
            likely.Remember(5, _users, user);
        }

        Assert.That(Find(likely, 5), Is.EqualTo(new[] { 8, 7, 6, 5 }));
        likely.Remember(5, _users, 6);
        Assert.That(Find(likely, 5), Is.EqualTo(new[] { 6, 8, 7, 5 }));
        likely.Remember(5, _users, 0);
        Assert.That(Find(likely, 5), Is.EqualTo(new[] { 0, 6, 8, 7 }));
    }

    [Test]
    public void Remember_FromManyThreads_KeepsEachSourceItsOwn()
    {
        var likely = new LikelyUsers();
        Parallel.For(0, 200_000, i =>
        {
            var source = (ulong)(i % 400);
            likely.Remember(source, _users, (int)(source % 10));
            foreach (var user in likely.Find(source, _users).Users)
            {
                Assert.That(user, Is.EqualTo(source % 10));
            }
        });
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

        Assert.That(sources.Count(source => Find(likely, source) is [2]), Is.GreaterThan(950));
    }

    private int[] Find(LikelyUsers likely, ulong source, UserDirectory? users = null) => likely.Find(source, users ?? _users).Users.ToArray();
}
