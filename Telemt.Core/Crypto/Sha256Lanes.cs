using System.Runtime.CompilerServices;

namespace Telemt.Core.Crypto;

/// <summary>The eight words of SHA-256's state, a vector of lanes each.</summary>
[InlineArray(Sha256Block.StateWords)]
internal struct LaneState<TVector>
    where TVector : struct
{
    private TVector _a;
}

/// <summary>A block's sixteen words, a vector of lanes each.</summary>
[InlineArray(Sha256Block.Words)]
internal struct LaneBlock<TVector>
    where TVector : struct
{
    private TVector _first;
}

/// <summary>SHA-256's compression of as many states at once as a vector has lanes.</summary>
internal static class Sha256Lanes<TMath, TVector>
    where TMath : struct, ILaneMath<TVector>
    where TVector : struct
{
    /// <summary>Words that the schedule of so many blocks takes.</summary>
    public static int ScheduleLength(int blocks) => (blocks + TMath.Count - 1) / TMath.Count * TMath.Count * Sha256Block.Rounds;

    /// <summary>Where a block's first word lies in the schedule; the next are a vector's width apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScheduleOffset(int block)
        => (block / TMath.Count * TMath.Count * Sha256Block.Rounds) + (block % TMath.Count);

    /// <summary>
    /// The message schedule of blocks, round constants added: what each round adds. The lanes are blocks here: word t of a vector's
    /// worth of blocks lies side by side.
    /// </summary>
    /// <param name="schedule">
    /// Has the blocks' sixteen words, big-endian read, at <see cref="ScheduleOffset"/>; receives the other 48 of each.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Schedule(Span<uint> schedule)
    {
        var k = Sha256Block.K;
        Unsafe.SkipInit(out LaneBlock<TVector> words);
        for (; !schedule.IsEmpty; schedule = schedule[(Sha256Block.Rounds * TMath.Count)..])
        {
            for (var t = 0; t < Sha256Block.Words; t++)
            {
                words[t] = TMath.Load(schedule[(t * TMath.Count)..]);
            }
            for (var t = 0; t < Sha256Block.Rounds; t++)
            {
                TMath.Store(Word(ref words, t, k), schedule[(t * TMath.Count)..]);
            }
        }
    }

    /// <summary>Compresses blocks that are the same in every lane, so that their schedule was made once for all.</summary>
    /// <param name="state">Goes on from there.</param>
    /// <param name="schedule">From <see cref="Schedule"/>.</param>
    /// <param name="blocks">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void CompressShared(ref LaneState<TVector> state, ReadOnlySpan<uint> schedule, int blocks)
    {
        var stride = TMath.Count;
        for (var block = 0; block < blocks; block++)
        {
            var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
            var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
            var start = ScheduleOffset(block);
            for (var at = start; at < start + (Sha256Block.Rounds * stride); at += 8 * stride)
            {
                Round(a, b, c, ref d, e, f, g, ref h, TMath.Broadcast(schedule[at]));
                Round(h, a, b, ref c, d, e, f, ref g, TMath.Broadcast(schedule[at + stride]));
                Round(g, h, a, ref b, c, d, e, ref f, TMath.Broadcast(schedule[at + (2 * stride)]));
                Round(f, g, h, ref a, b, c, d, ref e, TMath.Broadcast(schedule[at + (3 * stride)]));
                Round(e, f, g, ref h, a, b, c, ref d, TMath.Broadcast(schedule[at + (4 * stride)]));
                Round(d, e, f, ref g, h, a, b, ref c, TMath.Broadcast(schedule[at + (5 * stride)]));
                Round(c, d, e, ref f, g, h, a, ref b, TMath.Broadcast(schedule[at + (6 * stride)]));
                Round(b, c, d, ref e, f, g, h, ref a, TMath.Broadcast(schedule[at + (7 * stride)]));
            }
            Add(ref state, a, b, c, d, e, f, g, h);
        }
    }

    /// <summary>
    /// <see cref="CompressShared"/> of two vectors of lanes by turns. One alone waits for its own results most of the time; where
    /// 32 registers hold both, the second costs a fifth more (measured: 191 ns a block in place of 161, for twice the lanes).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void CompressSharedTwice(
        ref LaneState<TVector> state1, ref LaneState<TVector> state2, ReadOnlySpan<uint> schedule, int blocks)
    {
        var stride = TMath.Count;
        for (var block = 0; block < blocks; block++)
        {
            var (a1, b1, c1, d1) = (state1[0], state1[1], state1[2], state1[3]);
            var (e1, f1, g1, h1) = (state1[4], state1[5], state1[6], state1[7]);
            var (a2, b2, c2, d2) = (state2[0], state2[1], state2[2], state2[3]);
            var (e2, f2, g2, h2) = (state2[4], state2[5], state2[6], state2[7]);
            var start = ScheduleOffset(block);
            TVector scheduled;
            for (var at = start; at < start + (Sha256Block.Rounds * stride); at += 8 * stride)
            {
                scheduled = TMath.Broadcast(schedule[at]);
                Round(a1, b1, c1, ref d1, e1, f1, g1, ref h1, scheduled);
                Round(a2, b2, c2, ref d2, e2, f2, g2, ref h2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + stride]);
                Round(h1, a1, b1, ref c1, d1, e1, f1, ref g1, scheduled);
                Round(h2, a2, b2, ref c2, d2, e2, f2, ref g2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (2 * stride)]);
                Round(g1, h1, a1, ref b1, c1, d1, e1, ref f1, scheduled);
                Round(g2, h2, a2, ref b2, c2, d2, e2, ref f2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (3 * stride)]);
                Round(f1, g1, h1, ref a1, b1, c1, d1, ref e1, scheduled);
                Round(f2, g2, h2, ref a2, b2, c2, d2, ref e2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (4 * stride)]);
                Round(e1, f1, g1, ref h1, a1, b1, c1, ref d1, scheduled);
                Round(e2, f2, g2, ref h2, a2, b2, c2, ref d2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (5 * stride)]);
                Round(d1, e1, f1, ref g1, h1, a1, b1, ref c1, scheduled);
                Round(d2, e2, f2, ref g2, h2, a2, b2, ref c2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (6 * stride)]);
                Round(c1, d1, e1, ref f1, g1, h1, a1, ref b1, scheduled);
                Round(c2, d2, e2, ref f2, g2, h2, a2, ref b2, scheduled);
                scheduled = TMath.Broadcast(schedule[at + (7 * stride)]);
                Round(b1, c1, d1, ref e1, f1, g1, h1, ref a1, scheduled);
                Round(b2, c2, d2, ref e2, f2, g2, h2, ref a2, scheduled);
            }
            Add(ref state1, a1, b1, c1, d1, e1, f1, g1, h1);
            Add(ref state2, a2, b2, c2, d2, e2, f2, g2, h2);
        }
    }

    /// <summary>Compresses one block that each lane has its own of.</summary>
    /// <param name="state">Receives the sum of <paramref name="started"/>'s rounds and itself.</param>
    /// <param name="started">The state after the first rounds if they were made already, else the state.</param>
    /// <param name="block">The block's words; used up.</param>
    /// <param name="from">The round to start with: a multiple of 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compress(
        ref LaneState<TVector> state, ref readonly LaneState<TVector> started, ref LaneBlock<TVector> block, int from)
    {
        var (a, b, c, d) = (started[0], started[1], started[2], started[3]);
        var (e, f, g, h) = (started[4], started[5], started[6], started[7]);
        var k = Sha256Block.K;
        for (var t = from; t < Sha256Block.Rounds; t += 8)
        {
            Round(a, b, c, ref d, e, f, g, ref h, Word(ref block, t, k));
            Round(h, a, b, ref c, d, e, f, ref g, Word(ref block, t + 1, k));
            Round(g, h, a, ref b, c, d, e, ref f, Word(ref block, t + 2, k));
            Round(f, g, h, ref a, b, c, d, ref e, Word(ref block, t + 3, k));
            Round(e, f, g, ref h, a, b, c, ref d, Word(ref block, t + 4, k));
            Round(d, e, f, ref g, h, a, b, ref c, Word(ref block, t + 5, k));
            Round(c, d, e, ref f, g, h, a, ref b, Word(ref block, t + 6, k));
            Round(b, c, d, ref e, f, g, h, ref a, Word(ref block, t + 7, k));
        }
        Add(ref state, a, b, c, d, e, f, g, h);
    }

    /// <summary>Word t of the schedule, with the round's constant; keeps the last sixteen words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(ref LaneBlock<TVector> words, int t, ReadOnlySpan<uint> k)
    {
        ref var word = ref words[t & 15];
        if (t >= Sha256Block.Words)
        {
            var near = words[(t - 2) & 15];
            var far = words[(t - 15) & 15];
            var sum1 = TMath.Xor(TMath.RotateRight(near, 17), TMath.RotateRight(near, 19), TMath.ShiftRight(near, 10));
            var sum0 = TMath.Xor(TMath.RotateRight(far, 7), TMath.RotateRight(far, 18), TMath.ShiftRight(far, 3));
            word = TMath.Add(TMath.Add(word, sum0), TMath.Add(words[(t - 7) & 15], sum1));
        }
        return TMath.Add(word, TMath.Broadcast(k[t]));
    }

    // The eight words stay where they are and change roles from call to call instead. Sums are taken twice where that makes the
    // next round's e and a wait for three operations only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        TVector a, TVector b, TVector c, ref TVector d, TVector e, TVector f, TVector g, ref TVector h, TVector scheduled)
    {
        var sum1 = TMath.Xor(TMath.RotateRight(e, 6), TMath.RotateRight(e, 11), TMath.RotateRight(e, 25));
        var sum0 = TMath.Xor(TMath.RotateRight(a, 2), TMath.RotateRight(a, 13), TMath.RotateRight(a, 22));
        var early = TMath.Add(TMath.Add(h, scheduled), TMath.Choose(e, f, g));
        d = TMath.Add(TMath.Add(d, early), sum1);
        h = TMath.Add(TMath.Add(early, sum1), TMath.Add(TMath.Majority(a, b, c), sum0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref LaneState<TVector> state, TVector a, TVector b, TVector c, TVector d, TVector e, TVector f, TVector g, TVector h)
    {
        (state[0], state[1]) = (TMath.Add(state[0], a), TMath.Add(state[1], b));
        (state[2], state[3]) = (TMath.Add(state[2], c), TMath.Add(state[3], d));
        (state[4], state[5]) = (TMath.Add(state[4], e), TMath.Add(state[5], f));
        (state[6], state[7]) = (TMath.Add(state[6], g), TMath.Add(state[7], h));
    }
}
