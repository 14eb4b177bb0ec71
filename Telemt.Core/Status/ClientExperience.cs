using Telemt.Core.Wire;

namespace Telemt.Core.Status;

/// <summary>
/// How clients of one loop fare, by mode, data centre and network: the last half hour to hour, in two tables of which the older goes.
/// Bounded: a network too many counts among the others. Fed a few times in a session's life, never for a chunk. Not for several threads;
/// a reader gets a copy.
/// </summary>
internal sealed class ClientExperience
{
    public const int MostRows = 256;

    private const long TableMilliseconds = 30 * 60 * 1000;
    private const int LargestDc = 5;
    private const int Cdn = 203;

    private Dictionary<Key, Row> _present = [];
    private Dictionary<Key, Row> _before = [];
    private long? _begun;

    /// <summary>What tells clients apart.</summary>
    public readonly record struct Key(ClientMode Mode, short Dc, NetworkPrefix Network);

    /// <summary>Clients' clocks against ours, since the start.</summary>
    public ClockSkews Skews { get; private init; } = new();

    /// <summary>Everything that was noted lately; of two rows with one key both are to be counted.</summary>
    public IEnumerable<KeyValuePair<Key, Row>> Rows => _before.Concat(_present);

    /// <param name="now">Loop time.</param>
    /// <param name="dc">As the client wrote it: any value.</param>
    public Row For(ClientMode mode, short dc, NetworkPrefix network, long now)
    {
        _begun ??= now;
        if (now - _begun >= TableMilliseconds)
        {
            (_before, _present) = (now - _begun >= 2 * TableMilliseconds ? [] : _present, []);
            _begun = now;
        }

        var key = new Key(mode, Known(dc), network);
        if (!_present.TryGetValue(key, out var row))
        {
            // Modes and known centres are few, so that those of the others stay bounded too.
            key = _present.Count < MostRows ? key : key with { Network = NetworkPrefix.Other };
            if (!_present.TryGetValue(key, out row))
            {
                _present[key] = row = new Row();
            }
        }

        return row;
    }

    /// <summary>For another thread.</summary>
    public ClientExperience Copy()
    {
        var copy = new ClientExperience { Skews = Skews.Copy(), _present = CopyOf(_present), _before = CopyOf(_before), _begun = _begun };
        return copy;
    }

    private static Dictionary<Key, Row> CopyOf(Dictionary<Key, Row> rows) => rows.ToDictionary(row => row.Key, row => row.Value.Copy());

    private static short Known(short dc) => Math.Abs((int)dc) is (>= 1 and <= LargestDc) or Cdn ? dc : (short)0;

    /// <summary>Counts of one kind of client.</summary>
    internal sealed class Row
    {
        /// <summary>From the end of the handshake to the data centre's first byte.</summary>
        public TimeHistogram FirstAnswer { get; } = new();

        /// <summary>Sessions that were to be served.</summary>
        public long Sessions { get; set; }

        /// <summary>Sessions that ended without a byte from the data centre.</summary>
        public long Unanswered { get; set; }

        /// <summary>Sessions that ended since the client did not read.</summary>
        public long Stalled { get; set; }

        public void Add(Row other)
        {
            FirstAnswer.Add(other.FirstAnswer);
            Sessions += other.Sessions;
            Unanswered += other.Unanswered;
            Stalled += other.Stalled;
        }

        public Row Copy()
        {
            var copy = new Row();
            copy.Add(this);
            return copy;
        }
    }
}
