using Microsoft.AspNetCore.Http;

namespace Telemt.Worker.Control.Api;

/// <summary>Where trouble lies: with the ways to Telegram, or with clients; and who is neither.</summary>
internal sealed class PathApi(RouteView routes, ClientView clients, StrangerView strangers)
{
    public Task RoutesAsync(HttpContext context) => Reply.WriteAsync(context, routes.Read(), ControlJson.Default.RoutesDocument);

    public async Task ClientsAsync(HttpContext context) =>
        await Reply.WriteAsync(context, await clients.ReadAsync(context.RequestAborted), ControlJson.Default.ClientsDocument);

    public async Task RefusalsAsync(HttpContext context) =>
        await Reply.WriteAsync(context, await strangers.ReadAsync(context.RequestAborted), ControlJson.Default.RefusalsDocument);
}
