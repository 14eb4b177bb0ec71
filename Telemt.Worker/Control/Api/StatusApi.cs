using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Telemt.Worker.Control.Http;
using Telemt.Worker.Control.Status;

namespace Telemt.Worker.Control.Api;

/// <summary>What is, and what was: for people, scripts and whoever restarts containers.</summary>
internal sealed class StatusApi(StatusView view, StatusSampler sampler, IHostApplicationLifetime lifetime)
{
    /// <summary>Alive: every loop answers. Needs no token and tells nothing else.</summary>
    public Task HealthzAsync(HttpContext context) => WordAsync(context, sampler.Current is not { StuckLoops: > 0 }, "ok", "an event loop does not turn");

    /// <summary>Takes new clients: started, and not draining.</summary>
    public Task ReadyzAsync(HttpContext context) => WordAsync(
        context,
        lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested,
        "ready",
        lifetime.ApplicationStopping.IsCancellationRequested ? "draining" : "starting");

    public Task StatusAsync(HttpContext context) => Reply.WriteAsync(context, view.Read(), ControlJson.Default.StatusDocument);

    public Task HistoryAsync(HttpContext context) => Reply.WriteAsync(context, view.ReadHistory(), ControlJson.Default.HistoryDocument);

    public Task EventsAsync(HttpContext context)
    {
        var text = context.Request.Query["after"].ToString();
        return long.TryParse(text.Length == 0 ? "0" : text, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? Reply.WriteAsync(context, view.ReadEvents(after), ControlJson.Default.EventsDocument)
            : Problem.Of(StatusCodes.Status400BadRequest, "after is the id of an event").WriteAsync(context);
    }

    public static async Task OpenApiAsync(HttpContext context)
    {
        using var document = typeof(StatusApi).Assembly.GetManifestResourceStream("openapi.json")!;
        context.Response.ContentType = Reply.Json;
        context.Response.ContentLength = document.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await document.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    private static Task WordAsync(HttpContext context, bool isGood, string good, string bad)
    {
        context.Response.StatusCode = isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsGet(context.Request.Method) ? context.Response.WriteAsync((isGood ? good : bad) + "\n", context.RequestAborted) : Task.CompletedTask;
    }
}
