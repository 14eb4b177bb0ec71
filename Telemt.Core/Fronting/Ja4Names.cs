using System.Collections.Concurrent;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// The <see cref="Ja4"/> of hellos, each made once: an offer that came before costs a lookup. Safe for any thread. Bounded: when strangers
/// have filled it, it begins anew.
/// </summary>
internal sealed class Ja4Names
{
    public const int Most = 1024;

    private readonly ConcurrentDictionary<ulong, string> _names = new();

    /// <param name="record">The whole record.</param>
    /// <param name="hello">Where its fields lie.</param>
    /// <param name="print">Its <see cref="HelloPrint"/>, which leaves out two extensions that this fingerprint counts.</param>
    public string Of(ReadOnlySpan<byte> record, in ClientHello hello, ulong print)
    {
        var key = print ^ Uncounted(record, hello);
        if (_names.TryGetValue(key, out var name))
        {
            return name;
        }

        if (_names.Count >= Most)
        {
            _names.Clear();
        }

        return _names[key] = Ja4.Of(record, hello);
    }

    private static ulong Uncounted(ReadOnlySpan<byte> record, in ClientHello hello)
    {
        var seen = 0UL;
        var reader = new TlsVectorReader(record, hello.Extensions);
        while (reader.TryUInt16(out var type) && reader.TryVector16(out _))
        {
            seen |= type switch { Tls13.Padding => 1UL, Tls13.PreSharedKey => 2UL, _ => 0UL };
        }

        return seen;
    }
}
