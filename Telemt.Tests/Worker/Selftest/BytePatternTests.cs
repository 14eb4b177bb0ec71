using Telemt.Worker.Selftest;

namespace Telemt.Tests.Worker.Selftest;

internal sealed class BytePatternTests
{
    [Test]
    public void Fill_AnyPieces_OneStream()
    {
        var whole = new byte[5000];
        BytePattern.Fill(whole, 0);
        var random = new Random(1);
        for (var at = 0; at < whole.Length;)
        {
            var piece = new byte[Math.Min(whole.Length - at, random.Next(1, 40))];
            BytePattern.Fill(piece, at);
            Assert.That(piece, Is.EqualTo(whole[at..(at + piece.Length)]));
            at += piece.Length;
        }
    }

    [Test]
    public void FindDifference_OneByteChanged_ItsPlace()
    {
        var bytes = new byte[3000];
        BytePattern.Fill(bytes, 12_345);
        Assert.That(BytePattern.FindDifference(bytes, 12_345), Is.EqualTo(-1));

        bytes[2048] ^= 1;
        Assert.That(BytePattern.FindDifference(bytes, 12_345), Is.EqualTo(12_345 + 2048));
    }

    [Test]
    public void FindDifference_BytesOfAnotherPlace_AtOnce()
    {
        var bytes = new byte[64];
        BytePattern.Fill(bytes, 8);

        Assert.That(BytePattern.FindDifference(bytes, 0), Is.Zero);
    }
}
