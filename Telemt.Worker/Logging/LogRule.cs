using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Logging;

/// <summary>From which level on the categories that begin with <paramref name="Category"/> are logged; null means all of them.</summary>
internal readonly record struct LogRule(string? Category, LogLevel Level);
