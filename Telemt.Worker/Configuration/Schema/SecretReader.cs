using System.Diagnostics.CodeAnalysis;
using Telemt.Core.Wire;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A secret in any form that a link carries, reduced to its 16 bytes. No message repeats it.</summary>
internal sealed class SecretReader : TextValueReader<Secret?>
{
    public override string Expected => "32 hexadecimal digits (`telemt secret` makes them), or the secret of a link";

    protected override string Refusal(string text)
    {
        // Most often a digit was lost in copying; the general answer would then speak of base64url and puzzle.
        if (text.Length < 64 && text.All(char.IsAsciiHexDigit))
        {
            return $"is {text.Length} hexadecimal digits long";
        }

        return SecretText.TryParse(text, out _, out var problem) ? "" : $"is no secret: {problem}";
    }

    protected override bool TryParse(string text, [NotNullWhen(true)] out Secret? value)
    {
        value = SecretText.TryParse(text, out var secret, out _) ? secret.Key : null;
        return value is not null;
    }
}
