namespace Telemt.Worker.Telemetry;

/// <summary>The OTEL_* variables that decide before the SDK reads its own.</summary>
/// <param name="read">By name; null of one that is not set.</param>
internal sealed class OtelVariables(Func<string, string?> read)
{
    public bool IsDisabled => string.Equals(read("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A collector is named there.</summary>
    public bool HasEndpoint => !string.IsNullOrEmpty(read("OTEL_EXPORTER_OTLP_ENDPOINT"));

    public bool HasService => !string.IsNullOrEmpty(read("OTEL_SERVICE_NAME"));
}
