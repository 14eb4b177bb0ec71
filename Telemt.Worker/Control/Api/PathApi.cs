using Microsoft.AspNetCore.Http;

namespace Telemt.Worker.Control.Api;

/// <summary>Where trouble lies: with the ways to Telegram, or with clients.</summary>
internal sealed class PathApi(RouteView routes, ClientView clients)
{
    public Task RoutesAsync(HttpContext context) => Reply.WriteAsync(context, routes.Read(), ControlJson.Default.RoutesDocument);

    public async Task ClientsAsync(HttpContext context) =>
        await Reply.WriteAsync(context, await clients.ReadAsync(context.RequestAborted), ControlJson.Default.ClientsDocument);
}
