using System.Collections.Immutable;

namespace Telemt.Worker.Configuration;

/// <summary>A value that goes before the file's.</summary>
/// <param name="Path">Parts of the key: "modes", "classic"; "listeners", "0", "port".</param>
/// <param name="Value">Text that takes the type of its key; several values are separated by commas.</param>
/// <param name="Source">Where it comes from, for messages: "environment variable TELEMT__port", "option --port".</param>
internal sealed record ConfigurationOverride(ImmutableArray<string> Path, string Value, string Source);
