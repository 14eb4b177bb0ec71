namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>Bytes from <paramref name="Start"/> up to <paramref name="End"/> give way to a text.</summary>
internal readonly record struct TextEdit(int Start, int End, string Text);
