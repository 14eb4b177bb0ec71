using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;

namespace Telemt.Tests.Core.Crypto;

internal sealed class KeyStreamBlockTests
{
    [Test]
    public void KeyStreamBlock_AnyBlock_MatchesTheStream()
    {
        var (key, iv, _) = AesCtrTests.Draw(new Random(1), 0);
        iv.AsSpan(8).Fill(0xff);
        var stream = EcbCounterOracle.KeyStream(key, iv, 10 * 16);
        for (var block = 0u; block < 10; block++)
        {
            var expected = Vector128.Create(stream, (int)block * 16);

            Assert.That(AesCtr.KeyStreamBlock(key, iv, block), Is.EqualTo(expected));
            Assert.That(
                PortableAesCtr.KeyStreamBlock(key, BinaryPrimitives.ReadUInt128BigEndian(iv) + block),
                Is.EqualTo(expected));
        }
    }
}
