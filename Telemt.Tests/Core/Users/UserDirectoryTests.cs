using System.Collections.Immutable;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Users;

[TestFixtureSource(typeof(LaneWidths), nameof(LaneWidths.Names))]
internal sealed class UserDirectoryTests(string width)
{
    // Around the sizes of a few, of a vector, of a group, and of several groups with a part.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33, 64, 65, 100];

    private UserDirectory Directory(ImmutableArray<UserSettings> users) => new(users, LaneWidths.Of(width));

    [TestCaseSource(nameof(Sizes))]
    public void TryAuthenticateHello_EveryUser_IsFound(int size)
    {
        var random = new Random(size);
        var users = HelloMaker.Users(random, size);
        var directory = Directory(users);
        for (var expected = 0; expected < size; expected++)
        {
            var hello = HelloMaker.Hello(random, 517, users[expected].Secret, 1_700_000_000 + (uint)expected);

            Assert.That(directory.TryAuthenticateHello(hello, -1, out var user, out var time));
            Assert.That((user, time), Is.EqualTo((expected, 1_700_000_000 + (uint)expected)));
        }
    }

    // All ways that a message can end within a block, short ones, one over 2 KiB, the longest record.
    [Test]
    public void TryAuthenticateHello_AnyLength_IsFound()
    {
        var random = new Random(1);
        var users = HelloMaker.Users(random, 40);
        var directory = Directory(users);
        foreach (var length in Enumerable.Range(43, 150).Concat([1_800, 1_975, 1_976, 2_038, 2_039, 2_040, 2_048, 2_049, 4_096, 16_389]))
        {
            var expected = random.Next(users.Length);
            var hello = HelloMaker.Hello(random, length, users[expected].Secret, 7);

            Assert.That(directory.TryAuthenticateHello(hello, -1, out var user, out var time), $"{length} bytes");
            Assert.That((user, time), Is.EqualTo((expected, 7u)), $"{length} bytes");
        }
    }

    [Test]
    public void TryAuthenticateHello_AnyByteChanged_IsNobodys()
    {
        var random = new Random(2);
        var users = HelloMaker.Users(random, 5);
        var directory = Directory(users);
        var hello = HelloMaker.Hello(random, 200, users[3].Secret, 1);
        for (var at = 0; at < hello.Length; at++)
        {
            // The last four bytes of the digest carry the time: they only change that.
            if (at is >= 39 and < 43)
            {
                continue;
            }
            hello[at] ^= (byte)(1 << (at % 8));

            Assert.That(directory.TryAuthenticateHello(hello, 3, out var user, out _), Is.False, $"byte {at}");
            Assert.That(user, Is.EqualTo(-1));
            hello[at] ^= (byte)(1 << (at % 8));
        }
    }

    [Test]
    public void TryAuthenticateHello_TooShortForADigest_IsNobodys()
    {
        var directory = Directory(HelloMaker.Users(new Random(3), 4));
        for (var length = 0; length < 43; length++)
        {
            Assert.That(directory.TryAuthenticateHello(new byte[length], 0, out _, out _), Is.False);
        }
    }

    [TestCase(3)]
    [TestCase(33)]
    public void TryAuthenticate_EqualSecrets_FindsTheFirst(int first)
    {
        var random = new Random(4);
        var users = HelloMaker.Users(random, 70).ToBuilder();
        users[first + 1] = users[first + 1] with { Secret = users[first].Secret };
        users[69] = users[69] with { Secret = users[first].Secret };
        var directory = Directory(users.ToImmutable());

        Assert.That(directory.TryAuthenticateHello(HelloMaker.Hello(random, 600, users[69].Secret, 1), -1, out var user, out _));
        Assert.That(user, Is.EqualTo(first));
        Assert.That(directory.TryAuthenticateHeader(HelloMaker.Header(random, users[69].Secret, ProtocolTag.Abridged, 1), -1, out user, out _, out _));
        Assert.That(user, Is.EqualTo(first));
    }

    [Test]
    public void TryAuthenticate_NoUsers_IsNobodys()
    {
        var directory = Directory([]);

        Assert.That(directory.TryAuthenticateHello(new byte[600], -1, out _, out _), Is.False);
        Assert.That(directory.TryAuthenticateHeader(new byte[64], -1, out _, out _, out _), Is.False);
    }

    [TestCaseSource(nameof(Sizes))]
    public void TryAuthenticateHeader_EveryUser_IsFound(int size)
    {
        var random = new Random(size);
        var users = HelloMaker.Users(random, size);
        var directory = Directory(users);
        ProtocolTag[] tags = [ProtocolTag.Abridged, ProtocolTag.Intermediate, ProtocolTag.PaddedIntermediate];
        for (var expected = 0; expected < size; expected++)
        {
            var (expectedTag, expectedDc) = (tags[expected % 3], (short)random.Next(short.MinValue, short.MaxValue));
            var header = HelloMaker.Header(random, users[expected].Secret, expectedTag, expectedDc);

            Assert.That(directory.TryAuthenticateHeader(header, -1, out var user, out var tag, out var dc));
            Assert.That((user, tag, dc), Is.EqualTo((expected, expectedTag, expectedDc)));
            Assert.That(directory.TryAuthenticateHeader(header, users[expected], out tag, out dc));
            Assert.That((tag, dc), Is.EqualTo((expectedTag, expectedDc)));
            Assert.That(size > 1 && directory.TryAuthenticateHeader(header, users[(expected + 1) % size], out _, out _), Is.False);
        }
    }

    [Test]
    public void TryAuthenticate_Random_IsNobodys()
    {
        var random = new Random(5);
        var directory = Directory(HelloMaker.Users(random, 100));
        var (header, hello) = (new byte[64], new byte[517]);
        for (var round = 0; round < 20; round++)
        {
            random.NextBytes(header);
            random.NextBytes(hello);

            Assert.That(directory.TryAuthenticateHeader(header, round, out var user, out _, out _), Is.False);
            Assert.That(user, Is.EqualTo(-1));
            Assert.That(directory.TryAuthenticateHello(hello, round, out user, out _), Is.False);
            Assert.That(user, Is.EqualTo(-1));
        }
    }

    // Lanes that no user fills hold zeros.
    [TestCaseSource(nameof(Sizes))]
    public void TryAuthenticate_ZeroSecretOfNobody_IsNobodys(int size)
    {
        var random = new Random(12);
        var directory = Directory(HelloMaker.Users(random, size));
        var zero = new Secret(new byte[16]);

        Assert.That(directory.TryAuthenticateHello(HelloMaker.Hello(random, 600, zero, 1), -1, out _, out _), Is.False);
        Assert.That(directory.TryAuthenticateHeader(HelloMaker.Header(random, zero, ProtocolTag.Abridged, 1), -1, out _, out _, out _), Is.False);
    }

    [Test]
    public void TryAuthenticate_Likely_IsTriedFirst()
    {
        // Only the order tells: with equal secrets the likely one is found in place of the first.
        var random = new Random(6);
        var users = HelloMaker.Users(random, 70).ToBuilder();
        users[60] = users[60] with { Secret = users[10].Secret };
        var directory = Directory(users.ToImmutable());
        var hello = HelloMaker.Hello(random, 600, users[10].Secret, 9);
        var header = HelloMaker.Header(random, users[10].Secret, ProtocolTag.PaddedIntermediate, -2);

        Assert.That(directory.TryAuthenticateHello(hello, 60, out var user, out var time));
        Assert.That((user, time), Is.EqualTo((60, 9u)));
        Assert.That(directory.TryAuthenticateHeader(header, 60, out user, out _, out var dc));
        Assert.That((user, dc), Is.EqualTo((60, (short)-2)));

        Assert.That(directory.TryAuthenticateHello(hello, 20, out user, out _), "a wrong guess is no refusal");
        Assert.That(user, Is.EqualTo(10));
        Assert.That(directory.TryAuthenticateHeader(header, 20, out user, out _, out _));
        Assert.That(user, Is.EqualTo(10));
    }

    [Test]
    public void HelloScan_Steps_ReachEveryUser()
    {
        var random = new Random(7);
        var users = HelloMaker.Users(random, 100);
        var directory = Directory(users);
        for (var expected = 0; expected < users.Length; expected += 9)
        {
            var hello = HelloMaker.Hello(random, 600, users[expected].Secret, 3);
            var scan = new HelloScan(directory, likely: 50);
            var steps = 0;
            ScanStep step;
            while ((step = scan.Step(hello, 8)) == ScanStep.More)
            {
                steps++;
            }

            Assert.That((step, scan.User, scan.Time), Is.EqualTo((ScanStep.Found, expected, 3u)));
            Assert.That(steps, Is.LessThanOrEqualTo(expected / 8));
        }
    }

    [Test]
    public void Scans_OfNobodys_EndAfterAllUsers()
    {
        var random = new Random(8);
        var directory = Directory(HelloMaker.Users(random, 100));
        var hello = new byte[600];
        var header = new byte[64];
        random.NextBytes(hello);
        random.NextBytes(header);
        var (hellos, headers) = (new HelloScan(directory, likely: -1), new HeaderScan(directory, likely: -1));
        for (var tried = 32; tried < 100; tried += 32)
        {
            Assert.That(hellos.Step(hello, 32), Is.EqualTo(ScanStep.More));
            Assert.That(headers.Step(header, 32), Is.EqualTo(ScanStep.More));
        }

        Assert.That(hellos.Step(hello, 32), Is.EqualTo(ScanStep.Nobody));
        Assert.That(headers.Step(header, 32), Is.EqualTo(ScanStep.Nobody));
    }

    [Test]
    public void TryAuthenticateHello_RecordedHellos_AreAccepted()
    {
        foreach (var vector in Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray())
        {
            var users = HelloMaker.Users(new Random(9), 50).ToBuilder();
            users[44] = new UserSettings { Name = "his", Secret = new Secret(vector.Hex("secret")) };
            var directory = Directory(users.ToImmutable());

            Assert.That(directory.TryAuthenticateHello(vector.Hex("client_hello"), -1, out var user, out var time));
            Assert.That(user, Is.EqualTo(44));
            Assert.That(time, Is.EqualTo(vector.GetProperty("unix_time").GetUInt32()));
        }
    }

    [Test]
    public void TryAuthenticate_ManyCalls_AllocateNothing()
    {
        var random = new Random(10);
        var users = HelloMaker.Users(random, 70);
        var directory = Directory(users);
        byte[][] hellos = [HelloMaker.Hello(random, 1_800, users[50].Secret, 1), HelloMaker.Hello(random, 9_000, users[50].Secret, 1)];
        var header = HelloMaker.Header(random, users[50].Secret, ProtocolTag.Abridged, 1);
        var before = 0L;
        for (var round = 0; round < 4; round++)
        {
            before = round == 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            directory.TryAuthenticateHello(hellos[0], 3, out _, out _);
            directory.TryAuthenticateHello(hellos[1], -1, out _, out _);
            directory.TryAuthenticateHeader(header, 3, out _, out _, out _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void FindByName_KnownAndUnknown_Finds()
    {
        var users = HelloMaker.Users(new Random(11), 5);
        var directory = Directory(users);

        Assert.That(directory.FindByName("user3"), Is.SameAs(users[3]));
        Assert.That(directory.IndexOf("user3"), Is.EqualTo(3));
        Assert.That(directory.FindByName("User3"), Is.Null);
        Assert.That(directory.IndexOf("nobody"), Is.EqualTo(-1));
    }
}
