using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Telemt.Worker.Control.Http;

/// <summary>The JSON of a request, within a bound of size; the server bounds its time.</summary>
internal static class RequestBody
{
    public const int MaxLength = 16 * 1024;

    private const string ContentType = "application/json";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <returns>An object; or what is wrong with the body.</returns>
    public static async Task<(JsonDocument? Body, Problem? Problem)> ReadAsync(HttpRequest request)
    {
        if (!(request.ContentType ?? "").Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Problem.Of(StatusCodes.Status415UnsupportedMediaType, $"send {ContentType}"));
        }

        try
        {
            var body = await JsonDocument.ParseAsync(request.Body, Options, request.HttpContext.RequestAborted);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (body, null);
            }

            body.Dispose();
            return (null, Problem.Of(StatusCodes.Status400BadRequest, "send a JSON object"));
        }
        catch (JsonException)
        {
            return (null, Problem.Of(StatusCodes.Status400BadRequest, "the body is no JSON"));
        }
    }
}
