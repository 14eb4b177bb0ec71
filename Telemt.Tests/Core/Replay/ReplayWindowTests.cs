using System.Buffers;
using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Crypto;
using Telemt.Core.Replay;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Replay;

internal sealed class ReplayWindowTests
{
    private readonly ManualTimeProvider _clock = new();

    private ReplayWindow Window(int capacity, int seed = 1) => new(capacity, _clock, new SeededRandom(seed));

    [Test]
    public void TryAdd_SecondTime_IsRefused()
    {
        var window = Window(1_000);

        Assert.That(window.TryAdd("one of sixteen.."u8));
        Assert.That(window.TryAdd("two of sixteen.."u8));
        Assert.That(window.TryAdd("one of sixteen.."u8), Is.False);
        Assert.That(window.Count, Is.EqualTo(2));
    }

    [Test]
    public void TryAdd_KeysThatDifferInOneBit_AreAllNew()
    {
        var window = Window(1_000);
        var key = new byte[48];
        for (var bit = 0; bit < 48 * 8; bit++)
        {
            key[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(window.TryAdd(key), $"bit {bit}");
            key[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    // The plain version: for each shard a set and a queue.
    [Test]
    public void TryAdd_AnySequence_DoesWhatASetAndAQueueDo()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(
                ArbMap.Default.ArbFor<PositiveInt>(),
                ArbMap.Default.ArbFor<(byte Key, byte Resize)[]>(),
                (capacity, steps) => Follows(capacity.Get, steps.Select(step => ((int)step.Key, step.Resize > 200 ? step.Resize - 200 : 0)))));

    [Test]
    public void TryAdd_LongSequence_DoesWhatASetAndAQueueDo()
    {
        var random = new Random(1);
        var steps = Enumerable.Range(0, 60_000).Select(i => (random.Next(6_000), i % 7_000 == 6_999 ? 1 + random.Next(4_000) : 0));

        Assert.That(Follows(3_000, steps));
    }

    /// <param name="capacity">To begin with.</param>
    /// <param name="steps">Keys to add; a capacity above zero comes into force before.</param>
    private bool Follows(int capacity, IEnumerable<(int Key, int Resize)> steps)
    {
        var window = Window(capacity, seed: 5);
        var key = new byte[16];
        new SeededRandom(5).Fill(key);
        var oracle = Enumerable.Range(0, 16).Select(_ => (Seen: new HashSet<int>(), Order: new Queue<int>())).ToArray();
        var bytes = new byte[4];
        foreach (var (step, resize) in steps)
        {
            if (resize > 0)
            {
                capacity = resize;
                window.Resize(capacity);
                Array.ForEach(oracle, Trim);
            }
            BinaryPrimitives.WriteInt32LittleEndian(bytes, step);
            var shard = oracle[SipHash.Hash(key, bytes) >> 60];
            var isNew = shard.Seen.Add(step);
            if (isNew)
            {
                shard.Order.Enqueue(step);
            }
            Trim(shard);
            if (window.TryAdd(bytes) != isNew)
            {
                return false;
            }
        }
        return window.Count == oracle.Sum(shard => shard.Order.Count);

        void Trim((HashSet<int> Seen, Queue<int> Order) shard)
        {
            while (shard.Order.Count > (capacity + 15) / 16)
            {
                shard.Seen.Remove(shard.Order.Dequeue());
            }
        }
    }

    [Test]
    public void TryAdd_ManyMoreThanItHolds_StaysWithinItsCapacity()
    {
        var window = Window(16_000);
        var bytes = new byte[16];
        for (var i = 0; i < 100_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
            window.TryAdd(bytes);
        }
        Assert.That(window.Count, Is.EqualTo(16_000));

        // Shards fill unevenly; what is clearly younger than the capacity is there, what is clearly older is not.
        Assert.That(Refused(window, 90_000, 100_000), Is.EqualTo(10_000));
        Assert.That(Refused(Copy(window), 0, 75_000), Is.Zero);
    }

    [Test]
    public void TryAdd_ManyThreadsWithTheSameKeys_LetsEachInOnce()
    {
        var window = Window(100_000);
        var accepted = 0;
        using var start = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, 4).Select(offset => new Thread(() =>
        {
            start.Wait();
            var bytes = new byte[16];
            var mine = 0;
            for (var i = 0; i < 20_000; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, (i + (offset * 50)) % 20_000);
                mine += window.TryAdd(bytes) ? 1 : 0;
            }
            Interlocked.Add(ref accepted, mine);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        start.Set();
        threads.ForEach(thread => thread.Join());

        Assert.That(accepted, Is.EqualTo(20_000));
        Assert.That(window.Count, Is.EqualTo(20_000));
    }

    [Test]
    public void Resize_WhileOthersAdd_NeverForgetsTheYoungest()
    {
        var window = Window(20_000);
        var stopped = false;
        var resizer = new Thread(() =>
        {
            for (var i = 0; !Volatile.Read(ref stopped); i++)
            {
                window.Resize(i % 2 == 0 ? 5_000 : 20_000);
            }
        });
        resizer.Start();
        var bytes = new byte[16];
        var failures = 0;
        for (var i = 0; i < 20_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
            failures += window.TryAdd(bytes) && !window.TryAdd(bytes) ? 0 : 1;
        }
        Volatile.Write(ref stopped, true);
        resizer.Join();

        Assert.That(failures, Is.Zero);
    }

    [Test]
    public void Empty_AMillionOfCapacity_KeepsNextToNothing()
    {
        _ = Window(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var window = Window(1_048_576);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8_192));
        Assert.That(window.Count, Is.Zero);
    }

    [Test]
    public void Reach_FollowsTheOldestEntry()
    {
        var window = Window(16);
        Assert.That(window.Reach, Is.EqualTo(TimeSpan.Zero));
        Assert.That(window.AgeAtEviction, Is.Null);

        window.TryAdd("first"u8);
        _clock.Advance(TimeSpan.FromHours(30));
        Assert.That(window.Reach, Is.EqualTo(TimeSpan.FromHours(30)));

        // One place a shard: 200 keys push everything out that came before.
        Refused(window, 0, 200);
        Assert.That(window.Reach, Is.EqualTo(TimeSpan.Zero));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(window.Reach, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Refused(window, 1_000, 1_200);
        Assert.That(window.AgeAtEviction, Is.EqualTo(TimeSpan.Zero), "the youngest of the last evictions counts");
        Assert.That(window.TryAdd("first"u8), "it is forgotten");
    }

    [Test]
    public void Import_AfterExport_RemembersAllOfIt()
    {
        var window = Window(10_000, seed: 1);
        Refused(window, 0, 5_000);
        _clock.Advance(TimeSpan.FromHours(1));

        var copy = Copy(window);

        Assert.That(copy.Count, Is.EqualTo(5_000));
        Assert.That(copy.Reach, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(Refused(copy, 0, 5_000), Is.EqualTo(5_000));
        Assert.That(Refused(copy, 5_000, 6_000), Is.Zero);
    }

    [Test]
    public void Import_IntoASmallerWindow_KeepsTheYoungest()
    {
        var window = Window(10_000);
        Refused(window, 0, 10_000);
        var copy = Window(1_600, seed: 2);

        Assert.That(copy.TryImport(Export(window)));
        Assert.That(copy.Count, Is.EqualTo(1_600));
        Assert.That(Refused(copy, 9_500, 10_000), Is.EqualTo(500));
    }

    [Test]
    public void Import_CutOrChangedBytes_IsRefusedAndLeavesTheWindowAsItWas()
    {
        var window = Window(100);
        Refused(window, 0, 20);
        var snapshot = Export(window);
        for (var at = 0; at < snapshot.Length; at++)
        {
            var changed = snapshot.ToArray();
            changed[at] ^= 0x10;
            var target = Window(100, seed: 3);
            Assert.That(target.TryImport(changed), Is.False, $"byte {at} changed");
            Assert.That(target.TryImport(snapshot.AsSpan(0, at)), Is.False, $"cut at {at}");
            Assert.That(target.Count, Is.Zero);
        }
        Assert.That(Window(100).TryImport(snapshot));
        Assert.That(() => window.TryImport(snapshot), Throws.InvalidOperationException);
    }

    private ReplayWindow Copy(ReplayWindow window)
    {
        var copy = Window(100_000, seed: 99);
        Assert.That(copy.TryImport(Export(window)));
        return copy;
    }

    private static byte[] Export(ReplayWindow window)
    {
        var buffer = new ArrayBufferWriter<byte>();
        window.Export(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Adds the keys of a range; how many had been seen.</summary>
    private static int Refused(ReplayWindow window, int from, int to)
    {
        var bytes = new byte[16];
        var refused = 0;
        for (var i = from; i < to; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
            refused += window.TryAdd(bytes) ? 0 : 1;
        }
        return refused;
    }
}
