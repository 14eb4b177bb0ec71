using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Logging;

/// <summary>
/// The RUST_LOG variable, known from other servers: directives separated by commas, each a level, a target, or target=level. A target
/// alone means everything of it. What cannot be read is left out, as there.
/// </summary>
internal static class RustLog
{
    public const string Variable = "RUST_LOG";

    public static ImmutableArray<LogRule> Parse(string? text)
    {
        var rules = ImmutableArray.CreateBuilder<LogRule>();
        foreach (var directive in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (LogLevelText.TryParse(directive, out var level))
            {
                rules.Add(new LogRule(null, level));
                continue;
            }

            var equals = directive.IndexOf('=');
            var target = equals < 0 ? directive : directive[..equals];
            if (equals < 0)
            {
                rules.Add(new LogRule(LogCategory.Resolve(target), LogLevel.Trace));
            }
            else if (target.Length > 0 && LogLevelText.TryParse(directive[(equals + 1)..], out level))
            {
                rules.Add(new LogRule(LogCategory.Resolve(target), level));
            }
        }

        return rules.ToImmutable();
    }
}
