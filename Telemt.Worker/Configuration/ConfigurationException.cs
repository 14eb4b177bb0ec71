namespace Telemt.Worker.Configuration;

/// <summary>The configuration of a start has errors. <see cref="Report"/> names them all.</summary>
internal sealed class ConfigurationException(ConfigurationReport report)
    : Exception(string.Join(Environment.NewLine, report.Errors))
{
    public ConfigurationReport Report { get; } = report;
}
