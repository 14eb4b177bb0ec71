using System.Diagnostics;
using System.Globalization;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Targets;
using Telemt.Worker.Selftest;

namespace Telemt.Bench.Middle;

/// <summary>The figures of the route of ad tags. Clients come by fake TLS, and read without looking at what they get.</summary>
internal sealed class MiddleFigures(string telemt, int rounds, TimeSpan time, TextWriter output, CancellationToken cancellation)
{
    private const int Clients = 1000;
    private const int Flows = 16;
    private const long Endless = 1L << 40;
    private const long Part = 1L << 20;
    private const double Mega = 1e6;
    private const double Mebi = 1024 * 1024;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    /// <summary>Telemt gives back what a burst of handshakes left within ten seconds of quiet.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(12);

    /// <summary>
    /// What a client does not read comes once, at the speed of loopback, and is all that the others notice: some tens of milliseconds. Of
    /// three seconds that is more than one per cent, and the p99 3 times as long; of twelve it is not.
    /// </summary>
    private TimeSpan StallTime => 6 * time;

    /// <summary>16 downloads beside 1,000 clients, against the direct route that also deciphers and enciphers every byte.</summary>
    public async Task DownloadsAsync()
    {
        var (direct, middle, connections) = (new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var byMiddle in (bool[])[false, true, true, false])
            {
                await using var stage = MiddleStage.Start(telemt, byMiddle ? 1 : 0);
                var idle = await ManyAsync(Clients, () => stage.AskAsync(FakeMode.Mute, 0, cancellation));
                (byMiddle ? middle : direct).Add(await DownloadAsync(stage));
                connections = Math.Max(connections, stage.Middles.Sum(at => at.Live));
                idle.ForEach(client => client.Dispose());
            }
        }

        var (one, other) = (Statistics.Median(direct), Statistics.Median(middle));
        Write($"{Flows} downloads in frames of 256 KiB, {Clients} clients on {connections} connections, MB per CPU-second: {other:F0}; direct, two passes: {one:F0}; ratio {other / one:F2}");
    }

    public async Task IdleAsync()
    {
        await using var stage = MiddleStage.Start(telemt, 1);
        var practice = await ManyAsync(Clients, () => EchoOnceAsync(stage));
        practice.ForEach(client => client.Dispose());
        await Task.Delay(Settle, cancellation);
        var before = stage.Target.Meter.ResidentBytes;
        var clients = await ManyAsync(4 * Clients, () => EchoOnceAsync(stage));
        await Task.Delay(Settle, cancellation);
        var each = (stage.Target.Meter.ResidentBytes - before) / 1024.0 / clients.Count;
        Write($"idle clients: {clients.Count} on {stage.Middles[0].Live} connections, {each:F2} KiB of resident memory each");
        clients.ForEach(client => client.Dispose());
    }

    /// <summary>One whose queue just holds what it asked for, one that asks for more, and nobody: do the others notice?</summary>
    public async Task StallAsync()
    {
        var cases = new (string What, long Length)[]
        {
            ("nobody stops reading", 0), ("a client stops reading 3 MiB, and is kept", 3L << 20), ("a client stops reading 1 GiB, and is ended at 4 MiB", 1L << 30),
        };
        var (ratios, growths) = (cases.Select(_ => new List<double>()).ToArray(), cases.Select(_ => new List<double>()).ToArray());
        for (var round = 0; round < 2 * rounds; round++)
        {
            for (var i = 0; i < cases.Length; i++)
            {
                var (ratio, growth) = await StallAsync(cases[i].Length);
                ratios[i].Add(ratio);
                growths[i].Add(growth);
            }
        }

        for (var i = 0; i < cases.Length; i++)
        {
            Write($"{cases[i].What}: p99 of 50 others {Statistics.Median(ratios[i]):F2} x that of before (from {ratios[i].Min():F2} to {ratios[i].Max():F2}); resident at most {growths[i].Max():F1} MiB more");
        }
    }

    private async Task<(double Ratio, double Growth)> StallAsync(long length)
    {
        await using var stage = MiddleStage.Start(telemt, 1);
        var others = await ManyAsync(50, () => EchoOnceAsync(stage));
        await RoundTripsAsync(others, Warmup, null);
        var before = await RoundTripsAsync(others, StallTime, null);
        var resident = stage.Target.Meter.ResidentBytes;
        using var stalled = length == 0 ? null : await stage.AskAsync(FakeMode.Source, length, cancellation);
        var most = resident;
        var after = await RoundTripsAsync(others, StallTime, () => most = Math.Max(most, stage.Target.Meter.ResidentBytes));
        others.ForEach(client => client.Dispose());
        return (after / before, (most - resident) / Mebi);
    }

    /// <summary>One of two dies under 200 clients who talk: how long until each has had an answer again?</summary>
    public async Task KillAsync()
    {
        const int Talking = 200;
        await using var stage = MiddleStage.Start(telemt, 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var lastAnswer = new long[Talking];
        var talking = Enumerable.Range(0, Talking).Select(i => Task.Run(() => TalkAsync(stage, i, lastAnswer, stop.Token), cancellation)).ToArray();
        await UntilAsync(() => lastAnswer.All(at => at != 0));
        await Task.Delay(Warmup, cancellation);
        var dead = stage.Middles.MaxBy(middle => middle.Clients)!;
        var alive = stage.Middles.Single(middle => middle != dead);
        var hit = dead.Clients;
        var killed = Stopwatch.GetTimestamp();
        dead.Kill();
        await UntilAsync(() => lastAnswer.All(at => at > killed + (Stopwatch.Frequency / 10)) && alive.Clients >= Talking);
        var took = Stopwatch.GetElapsedTime(killed);
        Write($"one of two middle proxies killed under {Talking} talking clients ({hit} on it): all answered again after {took.TotalSeconds:F2} s, {alive.Clients} on the other, {dead.Live} connections to the dead one");
        await stop.CancelAsync();
        await Task.WhenAll(talking);
    }

    private async Task<double> DownloadAsync(MiddleStage stage)
    {
        var counts = new long[Flows];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var flows = await ManyAsync(Flows, () => stage.AskAsync(FakeMode.Source, stage.IsDirect ? Endless : Part, cancellation));
        var reading = flows.Select((client, i) => Task.Run(() => DiscardAsync(client, counts, i, asks: !stage.IsDirect, stop.Token), cancellation)).ToArray();
        await Task.Delay(Warmup, cancellation);
        var (moved, window) = (counts.Sum(), new UsageWindow(stage.Target.Meter));
        await Task.Delay(time, cancellation);
        moved = counts.Sum() - moved;
        var usage = window.End();
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        flows.ForEach(client => client.Dispose());
        var figure = moved / Mega / usage.TargetCpu;
        Write($"  {(stage.IsDirect ? "direct" : "middle")}: {figure:F0} MB per CPU-second, {moved / Mega / usage.Seconds:F0} MB/s, {usage.TargetCores:F2} cores");
        return figure;
    }

    /// <param name="asks">Part by part, as phones do: two are outstanding. A shared connection has nothing else to hold a source back.</param>
    private static async Task DiscardAsync(ClientConnection client, long[] counts, int index, bool asks, CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        var more = new FakeCommand(FakeMode.Source, Part).ToMessage();
        try
        {
            for (var asked = 0L; ; asked += Part)
            {
                if (asks)
                {
                    await client.SendFrameAsync(more, stop);
                }

                while (counts[index] < asked + Part)
                {
                    var received = await client.Socket.ReceiveAsync(buffer, stop);
                    counts[index] += received > 0 ? received : throw new TargetException("a download was ended");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task<ClientConnection> EchoOnceAsync(MiddleStage stage)
    {
        var client = await stage.AskAsync(FakeMode.Echo, 0, cancellation);
        await EchoAsync(client, cancellation);
        return client;
    }

    private static async Task EchoAsync(ClientConnection client, CancellationToken cancellation)
    {
        var message = new byte[FakeCommand.MessageSize];
        message[0] = 1;
        await client.SendFrameAsync(message, cancellation);
        await client.ReceiveFrameAsync(cancellation);
    }

    /// <returns>Microseconds.</returns>
    private async Task<double> RoundTripsAsync(List<ClientConnection> clients, TimeSpan how, Action? look)
    {
        var began = Stopwatch.GetTimestamp();
        var all = new List<double>[clients.Count];
        var asking = clients.Select((client, i) => Task.Run(
            async () =>
            {
                all[i] = [];
                while (Stopwatch.GetElapsedTime(began) < how)
                {
                    var asked = Stopwatch.GetTimestamp();
                    await EchoAsync(client, cancellation);
                    all[i].Add(Stopwatch.GetElapsedTime(asked).TotalMicroseconds);

                    // Seldom and not in step, or the figure is how long they wait for each other.
                    await Task.Delay(20 + (i % 7), cancellation);
                }
            },
            cancellation)).ToArray();
        while (look is not null && Stopwatch.GetElapsedTime(began) < how)
        {
            look();
            await Task.Delay(5, cancellation);
        }

        await Task.WhenAll(asking);
        return Statistics.Percentile([.. all.SelectMany(ticks => ticks).Order()], 0.99);
    }

    /// <summary>Talks on, and comes again when it is ended.</summary>
    private static async Task TalkAsync(MiddleStage stage, int index, long[] lastAnswer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await stage.AskAsync(FakeMode.Echo, 0, stop);
                while (true)
                {
                    await EchoAsync(client, stop);
                    Volatile.Write(ref lastAnswer[index], Stopwatch.GetTimestamp());
                    await Task.Delay(20, stop);
                }
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidDataException or OperationCanceledException)
            {
                // Ended: again.
            }
        }
    }

    private static async Task<List<ClientConnection>> ManyAsync(int count, Func<Task<ClientConnection>> connect)
    {
        var clients = new List<ClientConnection>();
        while (clients.Count < count)
        {
            clients.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(32, count - clients.Count)).Select(_ => connect())));
        }

        return clients;
    }

    private async Task UntilAsync(Func<bool> done)
    {
        var began = Stopwatch.GetTimestamp();
        while (!done())
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
            {
                throw new TargetException("not within 30 s");
            }

            await Task.Delay(5, cancellation);
        }
    }

    private void Write(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
