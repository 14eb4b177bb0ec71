using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Telemetry;

/// <summary>Hands what is logged to a collector's pipeline while there is one; off, a line costs it a look at a field.</summary>
internal sealed class TelemetryLogs : ILoggerProvider
{
    private volatile ILoggerFactory? _target;

    /// <summary>Null for nowhere.</summary>
    public void SendTo(ILoggerFactory? target) => _target = target;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() => _target = null;

    private sealed class Category(TelemetryLogs owner, string name) : ILogger
    {
        private volatile Target? _current;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => owner._target is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (owner._target is not { } factory)
            {
                return;
            }

            var current = _current;
            if (current?.Factory != factory)
            {
                try
                {
                    _current = current = new Target(factory, factory.CreateLogger(name));
                }
                catch (ObjectDisposedException)
                {
                    // An edit has just replaced it.
                    return;
                }
            }

            current.Logger.Log(logLevel, eventId, state, exception, formatter);
        }

        private sealed record Target(ILoggerFactory Factory, ILogger Logger);
    }
}
