using System.Globalization;
using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Crypto;

internal sealed class Crc32Tests
{
    public static IEnumerable<JsonElement> Recorded() => Vectors.Load("checksums").GetProperty("vectors").EnumerateArray();

    [TestCaseSource(nameof(Recorded))]
    public void Compute_Recorded_Same(JsonElement vector)
    {
        var data = vector.Hex("data");
        Assert.That(Crc32.Compute(data), Is.EqualTo(Number(vector, "crc32")));
        Assert.That(Crc32.ComputeC(data), Is.EqualTo(Number(vector, "crc32c")));
    }

    [Test]
    public void Compute_EveryLength_AsTheOracle()
    {
        var data = new byte[600];
        new SeededRandom(7).Fill(data);
        for (var length = 0; length <= data.Length; length++)
        {
            Assert.That(Crc32.Compute(data.AsSpan(0, length)), Is.EqualTo(~Crc32.Portable(uint.MaxValue, data.AsSpan(0, length))), $"{length} bytes");
            Assert.That(Crc32.ComputeC(data.AsSpan(0, length)), Is.EqualTo(Bitwise(data.AsSpan(0, length), 0x82f63b78)), $"{length} bytes");
        }
    }

    [Test]
    public void Compute_LongInput_AsTheOracle()
    {
        var data = new byte[300_017];
        new SeededRandom(8).Fill(data);

        Assert.That(Crc32.Compute(data), Is.EqualTo(Bitwise(data, 0xedb88320)));
    }

    private static uint Bitwise(ReadOnlySpan<byte> data, uint polynomial)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ polynomial;
            }
        }

        return ~crc;
    }

    private static uint Number(JsonElement vector, string name) =>
        uint.Parse(vector.GetProperty(name).GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
