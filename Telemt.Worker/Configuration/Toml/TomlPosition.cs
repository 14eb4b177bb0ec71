namespace Telemt.Worker.Configuration.Toml;

/// <summary>A place in a file as an editor shows it: both 1-based, the column in characters (code points), a leading BOM not counted.</summary>
internal readonly record struct TomlPosition(int Line, int Column);
