using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Logging;

namespace Telemt.Tests.Worker.Logging;

internal sealed class LogSettingsSourceTests
{
    private const string Sessions = "Telemt.Worker.Sessions.ConnectionHandler";
    private const string Dialing = "Telemt.Worker.Dialing.Dialer";
    private const string Platform = "Microsoft.Extensions.Hosting.Something";

    [Test]
    public void Levels_OfThePlan_CountByCategory()
    {
        using var services = Start(Settings(LogThreshold.Warning, "sessions", LogThreshold.Debug));

        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Debug));
        Assert.That(Level(services, Dialing), Is.EqualTo(LogLevel.Warning));
    }

    [TestCase(LogThreshold.Information, LogLevel.Warning)]
    [TestCase(LogThreshold.Trace, LogLevel.Warning)]
    [TestCase(LogThreshold.Error, LogLevel.Error)]
    public void Platform_WithoutARuleOfItsOwn_StaysQuiet(LogThreshold level, LogLevel expected)
    {
        using var services = Start(Settings(level));

        Assert.That(Level(services, Platform), Is.EqualTo(expected));
    }

    [Test]
    public void Platform_WhenNamed_Speaks()
    {
        using var services = Start(Settings(LogThreshold.Information, "Microsoft", LogThreshold.Debug));

        Assert.That(Level(services, Platform), Is.EqualTo(LogLevel.Debug));
    }

    [Test]
    public void RustLog_WhenSet_ReplacesThePlan()
    {
        using var services = Start(Settings(LogThreshold.Warning, "sessions", LogThreshold.Trace), "telemt=debug");

        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Debug));
        Assert.That(Level(services, "Elsewhere"), Is.EqualTo(LogLevel.Information));
    }

    [Test]
    public void Apply_OfAnotherPlan_ChangesALoggerThatExists()
    {
        using var services = Start(new LoggingSettings());
        Assert.That(Level(services, Sessions), Is.EqualTo(LogLevel.Information));
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Sessions);

        services.GetRequiredService<LogSettingsSource>().Apply(Settings(LogThreshold.Information, "sessions", LogThreshold.Trace) with { Format = LogFormat.Json });

        Assert.That(logger.IsEnabled(LogLevel.Trace), Is.True);
        Assert.That(Formatter(services), Is.EqualTo(ConsoleFormatterNames.Json));
    }

    [Test]
    public void Apply_AgainAndAgain_FollowsEach()
    {
        using var services = Start(new LoggingSettings());
        var source = services.GetRequiredService<LogSettingsSource>();

        foreach (var level in new[] { LogThreshold.Debug, LogThreshold.Error, LogThreshold.None })
        {
            source.Apply(Settings(level));
            Assert.That(Level(services, Sessions), Is.EqualTo((LogLevel)level));
        }
    }

    [Test]
    public void Format_UnderTheJournal_IsTheJournals()
    {
        using var services = Start(new LoggingSettings(), journal: true);

        Assert.That(Formatter(services), Is.EqualTo(JournalFormatter.FormatterName));
    }

    private static LoggingSettings Settings(LogThreshold level) => new() { Level = level };

    private static LoggingSettings Settings(LogThreshold level, string category, LogThreshold other) =>
        new() { Level = level, Levels = [new(category, other)] };

    private static string? Formatter(ServiceProvider services) =>
        services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName;

    private static LogLevel Level(ServiceProvider services, string category)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(level => level == LogLevel.None || logger.IsEnabled(level));
    }

    private static ServiceProvider Start(LoggingSettings plan, string? rustLog = null, bool journal = false) =>
        new ServiceCollection().AddTelemtLogging(new LogSettingsSource(plan, rustLog, journal)).BuildServiceProvider();
}
