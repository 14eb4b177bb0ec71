using System.Buffers.Binary;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// Tells offers apart by all that a server's answer may depend on, in 64 bits: suites in their order, groups, versions, the groups of
/// the keys, and what each extension says. Left out is what differs from one hello of a client to the next: random, session id (but its
/// length), name, keys, GREASE (RFC 8701), padding, tickets, the made-up ECH, and the order of extensions, which browsers shuffle.
/// Nothing of a connection costs less than a lookup by it: no allocation, about a microsecond.
/// </summary>
internal static class HelloPrint
{
    private const ulong Seed = 0xcbf2_9ce4_8422_2325;
    private const ulong Prime = 0x0000_0100_0000_01b3;

    /// <param name="record">The whole record.</param>
    /// <param name="hello">Where its fields lie.</param>
    public static ulong Of(ReadOnlySpan<byte> record, in ClientHello hello)
    {
        var print = Words(Add(Seed, (ushort)hello.SessionId.Length), hello.CipherSuites.Of(record));
        if (!hello.Extensions.IsPresent)
        {
            return print;
        }

        // A sum does not depend on the order.
        var extensions = 0UL;
        var reader = new TlsVectorReader(record, hello.Extensions);
        while (reader.TryUInt16(out var type) && reader.TryVector16(out var data))
        {
            if (!Tls13.IsGrease(type) && type is not (Tls13.Padding or Tls13.PreSharedKey))
            {
                extensions += Spread(Content(Add(Seed, type), type, record, data.Of(record), hello));
            }
        }

        return Spread(print ^ extensions);
    }

    private static ulong Content(ulong print, ushort type, ReadOnlySpan<byte> record, ReadOnlySpan<byte> data, in ClientHello hello)
        => type switch
        {
            Tls13.ServerName or Tls13.SessionTicket or Tls13.EncryptedClientHello => print,
            Tls13.SupportedGroups => Words(print, hello.SupportedGroups.Of(record)),
            Tls13.SupportedVersions => Words(print, hello.SupportedVersions.Of(record)),
            Tls13.KeyShare => Groups(print, record, hello.KeyShares),
            _ => Bytes(print, data),
        };

    private static ulong Groups(ulong print, ReadOnlySpan<byte> record, TlsRange keys)
    {
        var reader = new TlsVectorReader(record, keys);
        while (reader.TryUInt16(out var group) && reader.TryVector16(out _))
        {
            print = Tls13.IsGrease(group) ? print : Add(print, group);
        }

        return print;
    }

    private static ulong Words(ulong print, ReadOnlySpan<byte> list)
    {
        for (; list.Length >= sizeof(ushort); list = list[sizeof(ushort)..])
        {
            var value = BinaryPrimitives.ReadUInt16BigEndian(list);
            print = Tls13.IsGrease(value) ? print : Add(print, value);
        }

        return print;
    }

    private static ulong Bytes(ulong print, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            print = (print ^ value) * Prime;
        }

        return print;
    }

    private static ulong Add(ulong print, ushort value) => (((print ^ (byte)value) * Prime) ^ (byte)(value >> 8)) * Prime;

    /// <summary>The finish of MurmurHash3: every bit of the input reaches every bit of the output.</summary>
    private static ulong Spread(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51_afd7_ed55_8ccd;
        value = (value ^ (value >> 33)) * 0xc4ce_b9fe_1a85_ec53;
        return value ^ (value >> 33);
    }
}
