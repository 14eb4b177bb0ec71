namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>The document has no room for the edit: what the path leads through is a value or a list. The message names no value.</summary>
internal sealed class TomlEditException(string message) : InvalidOperationException(message);
