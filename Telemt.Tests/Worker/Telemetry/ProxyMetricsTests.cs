using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telemt.Core.Replay;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Links;
using Telemt.Worker.Sessions;
using Telemt.Worker.Telemetry;

namespace Telemt.Tests.Worker.Telemetry;

internal sealed class ProxyMetricsTests
{
    [Test]
    public void Reach_AHandshakeGrowsOld_IsItsAge()
    {
        var clock = new ManualTimeProvider();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<IOptionsMonitor<ProxySettings>>(new FakeMonitor<ProxySettings>(Samples.Settings()));
        services.AddTelemtLinks(TextWriter.Null);
        services.AddTelemtProxy();
        using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IMeterFactory>();
        _ = ActivatorUtilities.CreateInstance<ProxyMetrics>(provider);

        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ProxyMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();
        provider.GetRequiredService<ReplayWindow>().TryAdd([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        clock.Advance(TimeSpan.FromHours(3));
        listener.RecordObservableInstruments();

        Assert.That(values["telemt.replay.entries"], Is.EqualTo(1));
        Assert.That(values["telemt.replay.reach"], Is.EqualTo(10800).Within(1));
        Assert.That(values.Keys, Does.Contain("telemt.sessions.active").And.Contains("telemt.sessions.refused"));
    }
}
