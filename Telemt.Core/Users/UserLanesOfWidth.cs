using System.Buffers.Binary;
using Telemt.Core.Crypto;
using static Telemt.Core.Crypto.Sha256Block;

namespace Telemt.Core.Users;

/// <inheritdoc cref="UserLanes"/>
internal sealed class UserLanes<TMath, TVector> : UserLanes
    where TMath : struct, ILaneMath<TVector>
    where TVector : struct
{
    // The two bytes that HMAC XORs onto its key.
    private const uint InnerPad = 0x36363636;
    private const uint OuterPad = 0x5c5c5c5c;

    public override void Prepare(ReadOnlySpan<uint> secrets, Span<uint> inner, Span<uint> outer)
    {
        for (var lane = 0; lane < Group; lane += TMath.Count)
        {
            Store(Keyed(secrets[lane..], InnerPad), inner[lane..]);
            Store(Keyed(secrets[lane..], OuterPad), outer[lane..]);
        }
    }

    public override int ScheduleLength(int messageLength) => Sha256Lanes<TMath, TVector>.ScheduleLength(Count(messageLength));

    public override void Schedule(ReadOnlySpan<byte> record, Span<uint> schedule)
    {
        Span<byte> block = stackalloc byte[Size];
        var blocks = Count(record.Length);
        for (var number = 0; number < blocks; number++)
        {
            Take(record, number, before: Size, block);
            if (number == 0)
            {
                block.Slice(HelloDigest.Offset, HelloDigest.Size).Clear();
            }
            var at = Sha256Lanes<TMath, TVector>.ScheduleOffset(number);
            for (var t = 0; t < Words; t++)
            {
                schedule[at + (t * TMath.Count)] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
            }
        }
        Sha256Lanes<TMath, TVector>.Schedule(schedule[..Sha256Lanes<TMath, TVector>.ScheduleLength(blocks)]);
    }

    public override uint MatchHello(
        ReadOnlySpan<uint> inner, ReadOnlySpan<uint> outer, int count, ReadOnlySpan<uint> schedule, int recordLength, ReadOnlySpan<uint> digest)
    {
        var blocks = Count(recordLength);
        var found = 0u;
        for (var lane = 0; lane < count; lane += TMath.HoldsPairs ? 2 * TMath.Count : TMath.Count)
        {
            var first = Load(inner[lane..]);
            if (TMath.HoldsPairs)
            {
                var second = Load(inner[(lane + TMath.Count)..]);
                Sha256Lanes<TMath, TVector>.CompressSharedTwice(ref first, ref second, schedule, blocks);
                found |= Match(ref second, outer[(lane + TMath.Count)..], digest) << (lane + TMath.Count);
            }
            else
            {
                Sha256Lanes<TMath, TVector>.CompressShared(ref first, schedule, blocks);
            }
            found |= Match(ref first, outer[lane..], digest) << lane;
        }
        return found;
    }

    public override void HeaderKeys(ReadOnlySpan<uint> secrets, int count, ReadOnlySpan<uint> seed, Span<uint> keys)
    {
        // The seed fills the block's first half: half of the words and the first eight rounds are everybody's.
        Span<uint> started = stackalloc uint[StateWords];
        Initial.CopyTo(started);
        FirstRounds(started, seed);
        var common = Broadcast(started);
        for (var lane = 0; lane < count; lane += TMath.Count)
        {
            var state = Broadcast(Initial);
            var block = default(LaneBlock<TVector>);
            for (var t = 0; t < seed.Length; t++)
            {
                block[t] = TMath.Broadcast(seed[t]);
            }
            for (var t = 0; t < SecretWords; t++)
            {
                block[seed.Length + t] = Word(secrets[lane..], t);
            }
            End(ref block, seed.Length + SecretWords, before: 0);
            Sha256Lanes<TMath, TVector>.Compress(ref state, in common, ref block, from: seed.Length);
            Store(state, keys[lane..]);
        }
    }

    /// <summary>The outer hash over the inner one, compared: the bits that differ are gathered over all words before any is judged.</summary>
    private static uint Match(ref LaneState<TVector> inner, ReadOnlySpan<uint> outer, ReadOnlySpan<uint> digest)
    {
        var state = Load(outer);
        var block = default(LaneBlock<TVector>);
        for (var word = 0; word < StateWords; word++)
        {
            block[word] = inner[word];
        }
        End(ref block, StateWords, before: Size);
        Sha256Lanes<TMath, TVector>.Compress(ref state, in state, ref block, from: 0);
        var difference = TMath.Broadcast(0);
        for (var word = 0; word < digest.Length; word++)
        {
            difference = TMath.Difference(difference, state[word], TMath.Broadcast(digest[word]));
        }
        return TMath.ZeroLanes(difference);
    }

    private static LaneState<TVector> Keyed(ReadOnlySpan<uint> secrets, uint pad)
    {
        var block = default(LaneBlock<TVector>);
        for (var t = 0; t < Words; t++)
        {
            block[t] = t < SecretWords
                ? TMath.Xor(Word(secrets, t), TMath.Broadcast(pad), TMath.Broadcast(0))
                : TMath.Broadcast(pad);
        }
        var state = Broadcast(Initial);
        Sha256Lanes<TMath, TVector>.Compress(ref state, in state, ref block, from: 0);
        return state;
    }

    /// <summary>Pads a block that holds a message's last words.</summary>
    private static void End(ref LaneBlock<TVector> block, int words, int before)
    {
        block[words] = TMath.Broadcast(PadWord);
        for (var t = words + 1; t < Words - 1; t++)
        {
            block[t] = TMath.Broadcast(0);
        }
        block[Words - 1] = TMath.Broadcast((uint)(before + (words * sizeof(uint))) * 8);
    }

    private static LaneState<TVector> Broadcast(ReadOnlySpan<uint> words)
    {
        var state = default(LaneState<TVector>);
        for (var word = 0; word < StateWords; word++)
        {
            state[word] = TMath.Broadcast(words[word]);
        }
        return state;
    }

    private static LaneState<TVector> Load(ReadOnlySpan<uint> words)
    {
        var state = default(LaneState<TVector>);
        for (var word = 0; word < StateWords; word++)
        {
            state[word] = Word(words, word);
        }
        return state;
    }

    private static void Store(LaneState<TVector> state, Span<uint> words)
    {
        for (var word = 0; word < StateWords; word++)
        {
            TMath.Store(state[word], words.Slice(word * Group, TMath.Count));
        }
    }

    private static TVector Word(ReadOnlySpan<uint> words, int word) => TMath.Load(words.Slice(word * Group, TMath.Count));
}
