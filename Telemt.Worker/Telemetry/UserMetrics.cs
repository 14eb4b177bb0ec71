using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Telemetry;

/// <summary>What users do: as many as telemetry.user_labels says have a label of their own, in the order of the file; the rest share one.</summary>
internal sealed class UserMetrics
{
    private const string Rest = "(others)";

    private readonly LoopReader _loops;
    private readonly IOptionsMonitor<ProxySettings> _settings;

    public UserMetrics(IMeterFactory meters, LoopReader loops, IOptionsMonitor<ProxySettings> settings)
    {
        (_loops, _settings) = (loops, settings);
        var meter = meters.Create(ProxyMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "telemt.user.sessions", () => ByUser(static figure => figure.Sessions), "{session}", "Sessions of a user now.");
        meter.CreateObservableCounter("telemt.user.io", () => ByUser(static figure => figure.Bytes), "By", "Bytes of a user, both directions.");
    }

    private List<Measurement<long>> ByUser(Func<Sessions.UserFigure, long> value)
    {
        var now = _settings.CurrentValue;
        var left = now.Telemetry.UserLabels;
        if (left == 0)
        {
            return [];
        }

        var figures = new Dictionary<string, Sessions.UserFigure>(_loops.Users);
        var measured = new List<Measurement<long>>();
        foreach (var user in now.Users.Users)
        {
            if (left == 0)
            {
                break;
            }

            left--;
            if (figures.Remove(user.Name, out var figure))
            {
                measured.Add(new(value(figure), Tag(user.Name)));
            }
        }

        if (figures.Count > 0)
        {
            measured.Add(new(figures.Values.Sum(value), Tag(Rest)));
        }

        return measured;
    }

    private static KeyValuePair<string, object?> Tag(string user) => new("user", user);
}
