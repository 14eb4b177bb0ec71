using System.Text;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>A running monitor with its reloads, over a file of its own that a test edits.</summary>
internal sealed class Monitored : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("telemt-").FullName;

    public Monitored(string text, params IReloadObserver[] observers)
    {
        Path = System.IO.Path.Combine(_folder, "telemt.toml");
        Write(text);
        var loader = new SettingsLoader(Path, ConfigurationOverrides.None, () => ConfigText.Host);
        Monitor = new LastGoodMonitor(loader.Load(), new LoggerOf<LastGoodMonitor>(this));
        Service = new ConfigurationReloadService(loader, Monitor, new TomlFileWatcher(Path, new LoggerOf<TomlFileWatcher>(this)), observers, new LoggerOf<ConfigurationReloadService>(this));
    }

    public string Path { get; }

    public LastGoodMonitor Monitor { get; }

    public ConfigurationReloadService Service { get; }

    /// <summary>Every line of the log, with its level and id.</summary>
    public List<string> Log { get; } = [];

    public void Write(string text) => File.WriteAllText(Path, text, new UTF8Encoding(false));

    /// <summary>Saves another text and reloads as the file watch would.</summary>
    public ReloadOutcome Edit(string text)
    {
        Write(text);
        return Service.Reload(asked: false);
    }

    public void Dispose()
    {
        Service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class LoggerOf<T>(Monitored owner) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (owner.Log)
            {
                owner.Log.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
            }
        }
    }
}
