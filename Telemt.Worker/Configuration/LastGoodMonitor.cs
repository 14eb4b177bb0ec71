using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Configuration;

/// <summary>
/// The settings in force. Takes reports and publishes only what validated; a bad edit leaves readers with the last good settings, which
/// the platform's monitor does not. Reading is safe for any thread; one caller at a time offers.
/// </summary>
internal sealed partial class LastGoodMonitor : IOptionsMonitor<ProxySettings>
{
    private readonly ILogger<LastGoodMonitor> _log;

    private ConfigurationReport _inForce;
    private ImmutableArray<Action<SettingsChange>> _listeners = [];

    /// <param name="initial">A valid report.</param>
    public LastGoodMonitor(ConfigurationReport initial, ILogger<LastGoodMonitor> log)
    {
        _ = initial.Settings ?? throw new ArgumentException("There is nothing to fall back on yet.", nameof(initial));
        _inForce = initial;
        _log = log;
    }

    public ProxySettings CurrentValue => InForce.Settings!;

    /// <summary>The report that the settings in force came by.</summary>
    public ConfigurationReport InForce => Volatile.Read(ref _inForce);

    public long Revision => CurrentValue.Revision;

    /// <summary>There is one set of settings, whatever the name.</summary>
    public ProxySettings Get(string? name) => CurrentValue;

    public IDisposable OnChange(Action<ProxySettings, string?> listener) => OnApplied(change => listener(change.After, Options.DefaultName));

    /// <summary>Calls the listener after each edit that came into force, on the thread of the reload, until disposed of.</summary>
    public IDisposable OnApplied(Action<SettingsChange> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Puts the report's settings in force, unless the same content already is or it has errors.</summary>
    public ReloadOutcome Offer(ConfigurationReport report)
    {
        if (report.HasContentOf(InForce))
        {
            return ReloadOutcome.Unchanged;
        }

        if (report.Settings is not { } after)
        {
            return ReloadOutcome.Refused;
        }

        var before = CurrentValue;
        Volatile.Write(ref _inForce, report);
        Tell(new SettingsChange(before, after, SettingsDiff.Between(before, after)));
        return ReloadOutcome.Applied;
    }

    private void Tell(SettingsChange change)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener(change);
            }
            catch (Exception failure)
            {
                // One part of the program that cannot follow must not keep the others from it.
                LogListenerFailed(failure, listener.Method.DeclaringType?.Name ?? "?");
            }
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "A part of telemt ({Listener}) failed to follow the new settings")]
    private partial void LogListenerFailed(Exception failure, string listener);

    private sealed class Subscription(LastGoodMonitor monitor, Action<SettingsChange> listener) : IDisposable
    {
        public void Dispose()
            => ImmutableInterlocked.Update(ref monitor._listeners, static (listeners, gone) => listeners.Remove(gone), listener);
    }
}
