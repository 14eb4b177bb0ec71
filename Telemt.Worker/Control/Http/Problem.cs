using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Telemt.Worker.Control.Api;

namespace Telemt.Worker.Control.Http;

/// <summary>An error as RFC 9457 has it.</summary>
/// <param name="Detail">What is wrong with its cure; null when the title says all.</param>
internal sealed record Problem(string Type, string Title, int Status, string? Detail)
{
    private const string ContentType = "application/problem+json";

    public static Problem Of(int status, string? detail = null) =>
        new("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail);

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(this, ControlJson.Default.Problem), context.RequestAborted);
        }
    }
}
