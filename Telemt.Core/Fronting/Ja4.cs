using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// The fingerprint by which others speak of a hello: <c>t13d1516h2_8daaf6152771_e5627efa2ab1</c> is TCP, TLS 1.3, with a name,
/// 15 suites, 16 extensions, h2 first; then what the sorted suites, and the sorted extensions with the signature algorithms, hash to.
/// GREASE counts nowhere. About two microseconds: <see cref="Ja4Names"/> asks once for each offer.
/// </summary>
internal static class Ja4
{
    private const int MostCounted = 99;
    private const int HashDigits = 12;
    private const string NoHash = "000000000000";
    private const int VersionOffset = 9;

    /// <param name="record">The whole record.</param>
    /// <param name="hello">Where its fields lie.</param>
    public static string Of(ReadOnlySpan<byte> record, in ClientHello hello)
    {
        var suites = Words(hello.CipherSuites.Of(record));
        var extensions = new List<ushort>();
        List<ushort> signatures = [];
        var reader = new TlsVectorReader(record, hello.Extensions);
        while (reader.TryUInt16(out var type) && reader.TryVector16(out var data))
        {
            if (!Tls13.IsGrease(type))
            {
                extensions.Add(type);
            }

            if (type == Tls13.SignatureAlgorithms && data.Length > sizeof(ushort))
            {
                signatures = Words(data.Of(record)[sizeof(ushort)..]);
            }
        }

        var hashed = extensions.Where(type => type is not (Tls13.ServerName or Tls13.Alpn)).Order();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"t{Version(record, hello)}{(extensions.Contains(Tls13.ServerName) ? 'd' : 'i')}{Count(suites)}{Count(extensions)}{Protocol(record, hello.Alpn)}_{Hash(Hex(suites.Order()))}_{Hash(Hex(hashed), Hex(signatures))}");
    }

    private static string Version(ReadOnlySpan<byte> record, in ClientHello hello)
    {
        var offered = hello.SupportedVersions.IsPresent ? Words(hello.SupportedVersions.Of(record)) : [];
        return (offered.Count > 0 ? offered.Max() : BinaryPrimitives.ReadUInt16BigEndian(record[VersionOffset..])) switch
        {
            0x0304 => "13",
            0x0303 => "12",
            0x0302 => "11",
            0x0301 => "10",
            0x0300 => "s3",
            _ => "00",
        };
    }

    private static string Count(List<ushort> values) => Math.Min(values.Count, MostCounted).ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>First and last character of the first protocol; of one with others than letters and digits, of its hexadecimal form.</summary>
    private static string Protocol(ReadOnlySpan<byte> record, TlsRange alpn)
    {
        var reader = new TlsVectorReader(record, alpn);
        if (!reader.TryVector8(out var first) || first.Length == 0)
        {
            return "00";
        }

        var name = first.Of(record);
        var (start, end) = ((char)name[0], (char)name[^1]);
        return char.IsAsciiLetterOrDigit(start) && char.IsAsciiLetterOrDigit(end)
            ? $"{start}{end}"
            : $"{Convert.ToHexStringLower(name)[0]}{Convert.ToHexStringLower(name)[^1]}";
    }

    private static List<ushort> Words(ReadOnlySpan<byte> list)
    {
        var words = new List<ushort>(list.Length / sizeof(ushort));
        for (; list.Length >= sizeof(ushort); list = list[sizeof(ushort)..])
        {
            var value = BinaryPrimitives.ReadUInt16BigEndian(list);
            if (!Tls13.IsGrease(value))
            {
                words.Add(value);
            }
        }

        return words;
    }

    private static string Hex(IEnumerable<ushort> values) => string.Join(',', values.Select(value => value.ToString("x4", CultureInfo.InvariantCulture)));

    private static string Hash(string first, string second = "") => first.Length == 0
        ? NoHash
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(second.Length == 0 ? first : $"{first}_{second}")))[..HashDigits];
}
