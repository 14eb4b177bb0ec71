using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Telemt.Worker.Control.Api;

/// <summary>Every address of the API, as openapi.json describes it: a test compares the two.</summary>
internal static class ApiRoutes
{
    public const string Root = "/api/v1";

    /// <param name="stopping">Ends streams.</param>
    public static void Map(WebApplication app, IServiceProvider services, CancellationToken stopping)
    {
        foreach (var (method, path, handler) in All(services, stopping))
        {
            string[] methods = method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];
            app.MapMethods(path, methods, handler);
        }
    }

    public static IEnumerable<(string Method, string Path, RequestDelegate Handler)> All(IServiceProvider services, CancellationToken stopping)
    {
        var status = ActivatorUtilities.CreateInstance<StatusApi>(services);
        var users = ActivatorUtilities.CreateInstance<UserApi>(services);
        var paths = ActivatorUtilities.CreateInstance<PathApi>(services);
        var stream = ActivatorUtilities.CreateInstance<StreamApi>(services);
        return
        [
            (HttpMethods.Get, "/healthz", status.HealthzAsync),
            (HttpMethods.Get, "/readyz", status.ReadyzAsync),
            (HttpMethods.Get, Root + "/openapi.json", StatusApi.OpenApiAsync),
            (HttpMethods.Get, Root + "/status", status.StatusAsync),
            (HttpMethods.Get, Root + "/history", status.HistoryAsync),
            (HttpMethods.Get, Root + "/events", status.EventsAsync),
            (HttpMethods.Get, Root + "/routes", paths.RoutesAsync),
            (HttpMethods.Get, Root + "/clients", paths.ClientsAsync),
            (HttpMethods.Get, Root + "/refusals", paths.RefusalsAsync),
            (HttpMethods.Get, Root + "/stream", context => stream.StreamAsync(context, stopping)),
            (HttpMethods.Get, Root + "/users", users.ListAsync),
            (HttpMethods.Post, Root + "/users", users.AddAsync),
            (HttpMethods.Get, Root + "/users/{name}", users.GetAsync),
            (HttpMethods.Patch, Root + "/users/{name}", users.ChangeAsync),
            (HttpMethods.Delete, Root + "/users/{name}", users.RemoveAsync),
            (HttpMethods.Post, Root + "/users/{name}/rotate", users.RotateAsync),
            (HttpMethods.Get, Root + "/users/{name}/links", users.LinksAsync),
        ];
    }
}
