using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Telemt.Tests.EndToEnd;

/// <summary>Keeps what a host logs.</summary>
internal sealed class TestLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    public IEnumerable<Line> Lines => _lines;

    public int Count(int id) => _lines.Count(line => line.Id == id);

    public IEnumerable<string> Of(int id) => _lines.Where(line => line.Id == id).Select(line => line.Message);

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public void Dispose()
    {
    }

    internal sealed record Line(int Id, LogLevel Level, string Message);

    private sealed class Logger(ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId id, TState state, Exception? fault, Func<TState, Exception?, string> format)
            => lines.Enqueue(new Line(id.Id, logLevel, $"{format(state, fault)} {fault}".TrimEnd()));
    }
}
