using Microsoft.Extensions.Options;

namespace Telemt.Tests.Fakes;

/// <summary>Options that a test changes.</summary>
internal sealed class FakeMonitor<T>(T value) : IOptionsMonitor<T>
{
    private readonly Lock _lock = new();
    private Action<T, string?>? _listeners;

    public T CurrentValue { get; private set; } = value;

    /// <summary>True while somebody wants to be told of changes.</summary>
    public bool HasListener => _listeners is not null;

    public T Get(string? name) => CurrentValue;

    public void Set(T value)
    {
        CurrentValue = value;
        _listeners?.Invoke(value, Options.DefaultName);
    }

    public IDisposable OnChange(Action<T, string?> listener)
    {
        lock (_lock)
        {
            _listeners += listener;
        }

        return new Subscription(() => _listeners -= listener);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
