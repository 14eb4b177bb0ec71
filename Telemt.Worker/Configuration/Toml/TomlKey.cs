namespace Telemt.Worker.Configuration.Toml;

/// <summary>One part of a key as the parser read it, quotes and escapes resolved.</summary>
internal readonly record struct TomlKey(string Name, TomlPosition Position);
