using Telemt.Bench.Load.Table;

namespace Telemt.Tests.Bench;

internal sealed class GoalTests
{
    [TestCase(Bound.AtLeastTimes, 0.8, 80, 100, true)]
    [TestCase(Bound.AtLeastTimes, 0.8, 79, 100, false)]
    [TestCase(Bound.AtMostTimes, 1.2, 120, 100, true)]
    [TestCase(Bound.AtMostTimes, 1.2, 121, 100, false)]
    [TestCase(Bound.AtMostMore, 10, 110, 100, true)]
    [TestCase(Bound.AtMostMore, 10, 111, 100, false)]
    [TestCase(Bound.AtMost, 40, 40, 0, true)]
    [TestCase(Bound.AtMost, 40, 41, 0, false)]
    public void IsReached_OfFigureAndReference_KeepsTheBound(Bound bound, double limit, double figure, double reference, bool reached)
    {
        var goal = new Goal("", "", 0, bound, limit);
        Assert.That(goal.IsReached(goal.Judged(figure, reference)), Is.EqualTo(reached));
    }

    [TestCase(Bound.AtLeastTimes)]
    [TestCase(Bound.AtMostTimes)]
    [TestCase(Bound.AtMostMore)]
    [TestCase(Bound.AtMost)]
    public void IsReached_OfNoFigure_IsFalse(Bound bound) =>
        Assert.That(new Goal("", "", 0, bound, 1).IsReached(double.NaN), Is.False);
}
