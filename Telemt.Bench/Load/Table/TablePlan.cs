using Telemt.Bench.Load.Scenarios;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Table;

/// <summary>Every row of the README's table.</summary>
internal static class TablePlan
{
    private const string Ee = "telemt ee";
    private const string Classic = "telemt classic";
    private const string SlowEe = "telemt, fast mode off ee";
    private const string SlowClassic = "telemt, fast mode off classic";
    private const string Floor = "floor";
    private const string Splice = "splice";
    private const string Haproxy = "haproxy";

    /// <param name="telemt">Our executable.</param>
    /// <param name="mostSessions">As many as the descriptors of one process allow at both ends.</param>
    public static IReadOnlyList<TableGroup> Groups(string telemt, int mostSessions)
    {
        var fast = new TelemtTarget(telemt, fastMode: true);
        var slow = new TelemtTarget(telemt, fastMode: false);
        Case ee = new(fast, LoadMode.Tls), classic = new(fast, LoadMode.Classic);
        Case slowEe = new(slow, LoadMode.Tls), slowClassic = new(slow, LoadMode.Classic);
        Case floor = new(new FloorTarget(splice: false), LoadMode.Plain), splice = new(new FloorTarget(splice: true), LoadMode.Plain);
        Case haproxy = new(new HaproxyTarget(), LoadMode.Plain);
        return
        [
            Download(1, [ee, classic, floor, splice], 0.75, []),
            Download(16, [ee, classic, slowEe, slowClassic, floor, splice, haproxy], 0.80, [
                new("ee download, fast mode, 16 flows", Ee, 0, Bound.AtLeastTimes, 2.5, Haproxy),
                new("ee download, fast mode off, 16 flows", SlowEe, 0, Bound.AtLeastTimes, 0.40, Floor),
                new("ee download, fast mode off, 16 flows", SlowEe, 0, Bound.AtLeastTimes, 0.9, Haproxy),
                new("classic download, fast mode off, 16 flows", SlowClassic, 0, Bound.AtLeastTimes, 0.40, Floor),
            ]),
            Download(256, [ee, classic, floor, splice], 0.75, []),
            new(new Throughput(Direction.Up, 16), [ee, classic, floor], [
                new("ee upload in records of 2,878 bytes, 16 flows", Ee, 0, Bound.AtLeastTimes, 0.25, Floor),
                new("classic upload, 16 flows", Classic, 0, Bound.AtLeastTimes, 0.40, Floor),
            ]),
            new(new Sessions(32), [ee, classic, floor, haproxy], [
                new("ee session, CPU", Ee, 0, Bound.AtMostTimes, 1.6, Floor),
                new("ee session, CPU", Ee, 0, Bound.AtMostTimes, 1.4, Haproxy),
                new("classic session, CPU", Classic, 0, Bound.AtMostTimes, 1.3, Haproxy),
            ]),
            new(new RoundTrips(8, 0), [ee, classic, floor], [
                new("256 B round trip (ee), CPU", Ee, 0, Bound.AtMostTimes, 1.2, Floor),
                new("256 B round trip (classic), CPU", Classic, 0, Bound.AtMostTimes, 1.2, Floor),
                new("256 B round trip (ee), 8 clients, p50", Ee, 1, Bound.AtMostMore, 10, Floor),
                new("256 B round trip (ee), 8 clients, p99", Ee, 2, Bound.AtMostTimes, 1.3, Floor),
            ]),
            new(new RoundTrips(8, 4), [ee, floor], [
                new("256 B round trip (ee) beside 4 downloads, p99", Ee, 2, Bound.AtMostTimes, 2, Floor),
            ]),
            new(new Idle(Math.Min(5000, mostSessions)), [ee], [
                new($"idle, {Math.Min(5000, mostSessions):N0} ee sessions: resident, each", Ee, 0, Bound.AtMost, 4),
                new($"idle, {Math.Min(5000, mostSessions):N0} ee sessions: CPU of all", Ee, 1, Bound.AtMost, 1),
            ]),
            new(new Idle(Math.Min(9500, mostSessions)), [ee], [
                new($"idle, {Math.Min(9500, mostSessions):N0} ee sessions: resident, each", Ee, 0, Bound.AtMost, 3),
                new("descriptors left behind by them", Ee, 5, Bound.AtMost, 0),
            ]),
            new(new Startup(), [ee], [
                new("start: CPU until it listens", Ee, 0, Bound.AtMost, 500),
                new("process without sessions, resident", Ee, 2, Bound.AtMost, 40),
            ]),
            new(new Stall(16, 4), [ee, floor], [
                new("16 stalled downloads (ee): CPU while stalled", Ee, 1, Bound.AtMost, 1),
            ]),
        ];
    }

    /// <summary>Splicing pays where nothing is added: classic download in fast mode has its own, higher floor.</summary>
    private static TableGroup Download(int flows, IReadOnlyList<Case> cases, double ofFloor, IReadOnlyList<Goal> more)
    {
        var count = flows == 1 ? "1 flow" : $"{flows} flows";
        return new(new Throughput(Direction.Down, flows), cases, [
            new($"ee download, fast mode, {count}", Ee, 0, Bound.AtLeastTimes, ofFloor, Floor),
            new($"classic download, fast mode, {count}", Classic, 0, Bound.AtLeastTimes, 2.0, Floor),
            new($"classic download, fast mode, {count}", Classic, 0, Bound.AtLeastTimes, 0.8, Splice),
            .. more,
        ]);
    }
}
