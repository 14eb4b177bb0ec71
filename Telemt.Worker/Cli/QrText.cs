using QRCoder;

namespace Telemt.Worker.Cli;

/// <summary>A QR code drawn with characters, two rows of it in each line.</summary>
internal static class QrText
{
    private const string BlackOnWhite = "\e[30;107m";
    private const string Reset = "\e[0m";

    /// <param name="colours">
    /// With the terminal's colours set, dark is dark on every terminal; without, the code is drawn for a dark screen, where the
    /// characters are the light part.
    /// </param>
    public static IEnumerable<string> Lines(string text, bool colours)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var rows = code.ModuleMatrix;

        // The matrix brings its own quiet zone of four modules.
        for (var y = 0; y < rows.Count; y += 2)
        {
            var line = new char[rows.Count];
            for (var x = 0; x < line.Length; x++)
            {
                var upper = rows[y][x];
                var lower = y + 1 < rows.Count && rows[y + 1][x];
                line[x] = Block(upper == colours, lower == colours);
            }

            yield return colours ? BlackOnWhite + new string(line) + Reset : new string(line);
        }
    }

    private static char Block(bool upper, bool lower) => (upper, lower) switch
    {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        _ => ' ',
    };
}
