using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Transport;

internal sealed class TimerQueueTests
{
    [Test]
    public void TakeDue_ManyTimersArmedMovedAndCancelled_ComeInOrderOfDueTime()
    {
        var random = new Random(20261122);
        var queue = new TimerQueue();
        var timers = Enumerable.Range(0, 500).Select(_ => new Probe()).ToArray();
        var expected = new Dictionary<Probe, long>();
        for (var i = 0; i < 5000; i++)
        {
            var timer = timers[random.Next(timers.Length)];
            if (random.Next(4) == 0)
            {
                queue.Cancel(timer);
                expected.Remove(timer);
            }
            else
            {
                var due = random.Next(1000);
                queue.Arm(timer, due);
                expected[timer] = due;
            }

            Assert.That(queue.NextDue, Is.EqualTo(expected.Count == 0 ? long.MaxValue : expected.Values.Min()));
        }

        Assert.That(queue.Count, Is.EqualTo(expected.Count));
        var last = -1L;
        while (queue.TakeDue(1000) is Probe timer)
        {
            Assert.That(timer.Due, Is.EqualTo(expected[timer]).And.GreaterThanOrEqualTo(last));
            last = timer.Due;
            expected.Remove(timer);
        }

        Assert.That(expected, Is.Empty);
    }

    [Test]
    public void TakeDue_BeforeItsTime_ReturnsNothing()
    {
        var queue = new TimerQueue();
        var timer = new Probe();
        queue.Arm(timer, 10);
        Assert.That(queue.TakeDue(9), Is.Null);
        Assert.That(queue.TakeDue(10), Is.SameAs(timer));
        Assert.That(queue.TakeDue(10), Is.Null);
    }

    [Test]
    public void Cancel_TimerThatIsNotArmed_DoesNothing()
    {
        var queue = new TimerQueue();
        var armed = new Probe();
        queue.Arm(armed, 5);
        queue.Cancel(new Probe());
        Assert.That(queue.Count, Is.EqualTo(1));
    }

    private sealed class Probe : LoopTimer
    {
        protected internal override void OnTimer() => throw new NotSupportedException();
    }
}
