using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Telemt.Worker.Control.Http;

/// <summary>The page's files, as the build put them into the program. Nothing is ever read from a folder.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    public static void Map(WebApplication app)
    {
        foreach (var resource in typeof(PageFiles).Assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var name = resource[Prefix.Length..];
            var file = new Lazy<(byte[] Content, string Tag)>(() => Load(resource));
            app.MapMethods(
                "/" + (name == Index ? "" : name),
                [HttpMethods.Get, HttpMethods.Head],
                context => WriteAsync(context, file.Value.Content, file.Value.Tag, Types[Path.GetExtension(name)]));
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] content, string tag, string type)
    {
        var response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = type;
        response.ContentLength = content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private static (byte[] Content, string Tag) Load(string resource)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"").ToString());
    }
}
