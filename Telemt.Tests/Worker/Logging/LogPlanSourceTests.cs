using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class LogPlanSourceTests
{
    private const string Sessions = "Telemt.Worker.Sessions.ConnectionHandler";
    private const string Dialing = "Telemt.Worker.Dialing.Dialer";
    private const string Platform = "Microsoft.Extensions.Hosting.Something";

    [Test]
    public void Levels_OfThePlan_CountByCategory()
    {
        using var services = Start(new LogPlan("warn", [new("sessions", "debug")], "auto"));

        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Debug));
        Assert.That(Level(services, Dialing), Is.EqualTo(LogLevel.Warning));
    }

    [TestCase("info", LogLevel.Warning)]
    [TestCase("trace", LogLevel.Warning)]
    [TestCase("error", LogLevel.Error)]
    public void Platform_WithoutARuleOfItsOwn_StaysQuiet(string level, LogLevel expected)
    {
        using var services = Start(new LogPlan(level, [], "auto"));

        Assert.That(Level(services, Platform), Is.EqualTo(expected));
    }

    [Test]
    public void Platform_WhenNamed_Speaks()
    {
        using var services = Start(new LogPlan("info", [new("Microsoft", "debug")], "auto"));

        Assert.That(Level(services, Platform), Is.EqualTo(LogLevel.Debug));
    }

    [Test]
    public void RustLog_WhenSet_ReplacesThePlan()
    {
        using var services = Start(new LogPlan("warn", [new("sessions", "trace")], "auto"), "telemt=debug");

        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Debug));
        Assert.That(Level(services, "Elsewhere"), Is.EqualTo(LogLevel.Information));
    }

    [Test]
    public void Apply_OfAnotherPlan_ChangesALoggerThatExists()
    {
        using var services = Start(LogPlan.Default);
        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Information));
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Sessions);

        services.GetRequiredService<LogPlanSource>().Apply(new LogPlan("info", [new("sessions", "trace")], "json"));

        Assert.That(logger.IsEnabled(LogLevel.Trace), Is.True);
        Assert.That(Formatter(services), Is.EqualTo(ConsoleFormatterNames.Json));
    }

    [Test]
    public void Apply_AgainAndAgain_FollowsEach()
    {
        using var services = Start(LogPlan.Default);
        var source = services.GetRequiredService<LogPlanSource>();

        foreach (var (text, level) in new[] { ("debug", LogLevel.Debug), ("error", LogLevel.Error), ("off", LogLevel.None) })
        {
            source.Apply(new LogPlan(text, [], "plain"));
            Assert.That(Level(services, Sessions), Is.EqualTo(level));
        }
    }

    [Test]
    public void Format_UnderTheJournal_IsSystemds()
    {
        using var services = Start(LogPlan.Default, journal: true);

        Assert.That(Formatter(services), Is.EqualTo(ConsoleFormatterNames.Systemd));
    }

    private static string? Formatter(ServiceProvider services) =>
        services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName;

    private static LogLevel Level(ServiceProvider services, string category)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(level => level == LogLevel.None || logger.IsEnabled(level));
    }

    private static ServiceProvider Start(LogPlan plan, string? rustLog = null, bool journal = false) =>
        new ServiceCollection().AddTelemtLogging(new LogPlanSource(plan, rustLog, journal)).BuildServiceProvider();
}
