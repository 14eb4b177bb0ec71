using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Http;

/// <summary>
/// Stands before every answer: who may ask, by which name, from which page, with which token; headers that keep a browser strict; and
/// faults of ours, which end the one request.
/// </summary>
internal sealed class RequestGuard(IOptionsMonitor<ProxySettings> settings, ControlCertificate? certificate, TimeProvider clock, ILogger log)
{
    private const string Scheme = "Bearer ";

    private readonly LogThrottle _wrongTokens = new(clock);

    public static bool IsAllowed(IPAddress address, ControlSettings settings)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return settings.Allow.Any(network => network.Contains(plain));
    }

    public async Task Wrap(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Set(context.Response.Headers);
        try
        {
            if (Refuse(context) is { } refusal)
            {
                log.ControlRefused(Source(context), refusal.Title);
                await refusal.WriteAsync(context);
                return;
            }

            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode >= StatusCodes.Status400BadRequest && context.Response.ContentType is null)
            {
                await Problem.Of(context.Response.StatusCode).WriteAsync(context);
            }
        }
        catch (BadHttpRequestException bad)
        {
            await WriteIfPossibleAsync(context, Problem.Of(bad.StatusCode, bad.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (Exception fault)
        {
            log.ControlFault(fault, context.Request.Method, context.Request.Path.ToString());
            await WriteIfPossibleAsync(context, Problem.Of(StatusCodes.Status500InternalServerError, "a fault of telemt; its log tells more"));
        }
    }

    private Problem? Refuse(HttpContext context)
    {
        var request = context.Request;
        var control = settings.CurrentValue.Control;
        if (context.Connection.RemoteIpAddress is not { } source || !IsAllowed(source, control))
        {
            // Let in by the connection, shut out by an edit since.
            return Problem.Of(StatusCodes.Status403Forbidden, "control.allow does not name your address");
        }

        if (!IsOurName(request.Host))
        {
            return Problem.Of(
                StatusCodes.Status421MisdirectedRequest,
                "this name is not telemt's: use localhost, the address, or a name of its certificate or its listeners' announce");
        }

        if (IsOfAnotherPage(request))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "the request comes from a page that is not telemt's");
        }

        return NeedsToken(request.Path) && control.Token is { } token && !HasToken(request, token)
            ? WrongToken(context)
            : null;
    }

    /// <summary>
    /// A name that an attacker owns may lead to this address after his page has loaded (DNS rebinding); a bare address cannot.
    /// </summary>
    private bool IsOurName(HostString host)
    {
        var name = host.Host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name.Trim('[', ']'), out _)
            || (name.Length > 0 && certificate is not null && Uri.CheckHostName(name) == UriHostNameType.Dns && certificate.Current.MatchesHostname(name))
            || settings.CurrentValue.Listeners.Any(listener => listener.Announce is { } own && own.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Browsers say where a request comes from; nobody else does, and nobody else can be misled by a page.</summary>
    private static bool IsOfAnotherPage(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count > 0 && !origin.ToString().Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return IsApi(request.Path) && site.Length > 0 && site is not ("same-origin" or "none");
    }

    private static bool NeedsToken(PathString path) => IsApi(path);

    private static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>Hashed first: equal lengths, and a comparison that takes as long whatever differs.</summary>
    private static bool HasToken(HttpRequest request, string token)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(
                SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private Problem WrongToken(HttpContext context)
    {
        var hasOne = context.Request.Headers.Authorization.Count > 0;
        if (hasOne && _wrongTokens.TryPass(out var held))
        {
            log.ControlToken(Source(context), held);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Of(StatusCodes.Status401Unauthorized, hasOne ? "this is not control.token" : "control.token is needed");
    }

    private static string Source(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "?";

    private static async Task WriteIfPossibleAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        SecurityHeaders.Set(context.Response.Headers);
        await problem.WriteAsync(context);
    }
}
