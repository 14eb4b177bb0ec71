using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A proxy with the operator's page on a free port, and a caller of its API.</summary>
internal sealed class ControlFixture : IAsyncDisposable
{
    public const int Opened = 8600;

    private ControlFixture(ProxyFixture proxy, int port)
    {
        Proxy = proxy;
        Port = port;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 32 }) { BaseAddress = new Uri(Address) };
    }

    public ProxyFixture Proxy { get; }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    public HttpClient Http { get; }

    public static async Task<ControlFixture> StartAsync(Action<TomlText>? edit = null)
    {
        var port = Ports.Free();
        var proxy = await ProxyFixture.StartAsync(toml =>
        {
            toml.Set(("control.enabled", "true"), ("control.listen", Text($"127.0.0.1:{port}")));
            edit?.Invoke(toml);
        });
        await Wait.UntilAsync(() => proxy.Log.Of(Opened).Any(), "the page");
        return new ControlFixture(proxy, port);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        var response = await Http.GetAsync(path);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), path);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <param name="tag">If-Match; null sends none.</param>
    public async Task<(int Code, string Body)> SendAsync(HttpMethod method, string path, string? json = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (tag is not null)
        {
            request.Headers.IfMatch.Add(tag == "*" ? EntityTagHeaderValue.Any : EntityTagHeaderValue.Parse(tag));
        }

        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<string> TagOfAsync(string user) => (await GetAsync($"/api/v1/users/{user}")).GetProperty("etag").GetString()!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Proxy.DisposeAsync();
    }
}
