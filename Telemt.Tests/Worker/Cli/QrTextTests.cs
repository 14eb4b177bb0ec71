using QRCoder;
using Telemt.Worker.Cli;

namespace Telemt.Tests.Worker.Cli;

internal sealed class QrTextTests
{
    private const string Link = "tg://proxy?server=8.8.4.4&port=443&secret=ee00112233445566778899aabbccddeeff706574726f766963682e7275";

    [TestCase(false)]
    [TestCase(true)]
    public void Lines_OfALink_AreItsModules(bool colours)
    {
        using var code = QRCodeGenerator.GenerateQrCode(Link, QRCodeGenerator.ECCLevel.L);
        var size = code.ModuleMatrix.Count;

        var lines = QrText.Lines(Link, colours).ToArray();

        Assert.That(lines, Has.Length.EqualTo((size + 1) / 2));
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                Assert.That(IsDark(lines[y / 2], x, y % 2 == 0, colours), Is.EqualTo(code.ModuleMatrix[y][x]), $"{x}, {y}");
            }
        }
    }

    [Test]
    public void Lines_WithoutColours_BeginWithALightMargin() =>
        Assert.That(QrText.Lines(Link, colours: false).Take(2), Is.All.Match("^█+$"));

    private static bool IsDark(string line, int x, bool upper, bool colours)
    {
        var text = colours ? line[line.IndexOf('m')..][1..] : line;
        var painted = text[x] switch
        {
            '█' => true,
            '▀' => upper,
            '▄' => !upper,
            _ => false,
        };
        return painted == colours;
    }
}
