using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

internal sealed class TokenBucketTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;

    [Test]
    public void Bucket_WithoutARate_NeverMakesWait()
    {
        var bucket = new TokenBucket(credit: 0);

        bucket.Take(now: 0, 1_000_000);

        Assert.That(bucket.Wait(now: 0), Is.Zero);
        Assert.That(bucket.Portion(1000, 256_000), Is.EqualTo(256_000));
    }

    [Test]
    public void Take_AtARate_MakesWaitForWhatWasTaken()
    {
        var bucket = Bucket(rate: 1000);

        bucket.Take(now: Second, 250);

        Assert.That(bucket.Wait(Second), Is.EqualTo(250 * Millisecond));
        Assert.That(bucket.Wait(Second + (250 * Millisecond)), Is.Zero);
    }

    [Test]
    public void Take_AfterIdling_SpendsTheCreditFirst()
    {
        var bucket = Bucket(rate: 1000, credit: 100 * Millisecond);

        bucket.Take(now: 60 * Second, 100);
        Assert.That(bucket.Wait(60 * Second), Is.Zero, "an hour's rest gives no more than the credit, and the credit it gives");

        bucket.Take(now: 60 * Second, 100);
        Assert.That(bucket.Wait(60 * Second), Is.EqualTo(100 * Millisecond));
    }

    [TestCase(1_000_000)]
    [TestCase(1_234_567_890)]
    [TestCase(50_000)]
    public void Taker_WhoComesLate_GetsTheRateAllTheSame(long rate)
    {
        var bucket = Bucket(rate, credit: 10 * Millisecond);
        var random = new Random(5);
        var taken = 0L;
        var now = 0L;
        while (now < 10 * Second)
        {
            while (bucket.Wait(now) <= 0)
            {
                var portion = bucket.Portion(1000, 256 * 1024);
                bucket.Take(now, portion);
                taken += portion;
            }

            now = Math.Max(now, now + bucket.Wait(now)) + (random.Next(100) * Millisecond / 100);
        }

        Assert.That(taken / 10.0, Is.InRange(rate * 0.98, (rate * 1.02) + 1000));
    }

    [Test]
    public void Change_OfTheRate_KeepsWhatIsOwedInBytes()
    {
        var bucket = Bucket(rate: 1000);
        bucket.Take(now: 0, 1000);

        bucket.Change(4000, now: 0);
        Assert.That(bucket.Wait(0), Is.EqualTo(Second / 4));

        bucket.Change(0, now: 0);
        Assert.That(bucket.Wait(0), Is.Zero);

        bucket.Change(1000, now: 0);
        Assert.That(bucket.Wait(0), Is.LessThanOrEqualTo(0), "what was taken without a rate is not owed");
    }

    [Test]
    public void Take_ByManyThreads_ChargesEveryByteOnce()
    {
        var bucket = Bucket(rate: 1_000_000);

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                bucket.Take(now: 0, 100);
            }
        });

        Assert.That(bucket.Wait(0), Is.EqualTo(8 * Second));
    }

    private static TokenBucket Bucket(long rate, long credit = 0)
    {
        var bucket = new TokenBucket(credit);
        bucket.Change(rate, now: 0);
        return bucket;
    }
}
