namespace Telemt.Worker.Configuration.Toml;

/// <summary>A key with its value; line and column are those of the key where it first appears, 1-based.</summary>
internal readonly record struct TomlEntry(string Key, int Line, int Column, TomlNode Value);
