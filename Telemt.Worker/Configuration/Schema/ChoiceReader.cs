using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>One of a few words. The first word of a value is the one that messages use.</summary>
internal sealed class ChoiceReader<T>(params (string Word, T Value)[] choices) : TextValueReader<T>
{
    public override string Expected => "one of " + string.Join(", ", choices.Select(choice => $"\"{choice.Word}\""));

    protected override string Refusal(string text)
        => Nearest.Of(text, choices.Select(choice => choice.Word)) is { } near
            ? $"{base.Refusal(text)} (did you mean \"{near}\"?)"
            : base.Refusal(text);

    protected override bool TryParse(string text, [MaybeNullWhen(false)] out T value)
    {
        foreach (var choice in choices)
        {
            if (choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                value = choice.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public override string Format(T value)
        => choices.FirstOrDefault(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word ?? "none";
}
