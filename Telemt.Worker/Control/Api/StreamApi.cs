using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Telemt.Worker.Control.Http;
using Telemt.Worker.Control.Status;

namespace Telemt.Worker.Control.Api;

/// <summary>
/// Server-sent events: "status" every second, "event" for each line of the log as it comes. Whoever reads too slowly is cut off by the
/// server and comes again.
/// </summary>
internal sealed class StreamApi(StatusView view, StatusSampler sampler, EventRing events)
{
    private const int MaxStreams = 16;

    private int _streams;

    public async Task StreamAsync(HttpContext context, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref _streams) > MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, "too many pages are open").WriteAsync(context);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using (sampler.Watch())
            {
                await SendAsync(context, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the page closes.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var (version, seen) = (0L, events.Last);
        while (true)
        {
            version = (await sampler.NextAsync(version, cancellation)).Version;
            await WriteAsync(context, "status", view.Read(), ControlJson.Default.StatusDocument, cancellation);
            foreach (var happened in Enumerable.Reverse(events.Read(seen)))
            {
                seen = happened.Id;
                await WriteAsync(context, "event", StatusView.Document(happened), ControlJson.Default.EventDocument, cancellation);
            }

            await context.Response.Body.FlushAsync(cancellation);
        }
    }

    private static async Task WriteAsync<T>(HttpContext context, string name, T document, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await context.Response.WriteAsync($"event: {name}\ndata: ", cancellation);
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document, type), cancellation);
        await context.Response.WriteAsync("\n\n", cancellation);
    }
}
