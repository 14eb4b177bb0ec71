using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Any text of bounded length, without control characters.</summary>
/// <param name="expected">What it is, to stand behind "give".</param>
/// <param name="hidden">True for passwords and tokens: no message shows the value.</param>
internal sealed class TextReader(string expected, int maxLength = 255, bool hidden = false) : TextValueReader<string?>
{
    public override string Expected => expected;

    protected override string Refusal(string text)
        => text.Length > maxLength ? $"is longer than {maxLength} characters" : "holds control characters";

    protected override bool TryParse(string text, [NotNullWhen(true)] out string? value)
    {
        value = text;
        return text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl);
    }

    public override string Format(string? value) => value is null ? "none" : hidden ? "(hidden)" : $"\"{value}\"";
}
