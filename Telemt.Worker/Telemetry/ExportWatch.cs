using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Telemt.Worker.Telemetry;

/// <summary>Says once that a collector does not take what is sent, and once that it does again. Safe for any thread.</summary>
internal sealed class ExportWatch(string endpoint, ILogger log)
{
    private int _fails;

    public ExportResult Note(ExportResult result)
    {
        var fails = result == ExportResult.Success ? 0 : 1;
        if (Interlocked.Exchange(ref _fails, fails) != fails)
        {
            if (fails == 1)
            {
                log.CollectorFails(endpoint);
            }
            else
            {
                log.CollectorWorks(endpoint);
            }
        }

        return result;
    }
}
