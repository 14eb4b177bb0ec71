using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Control.Api;
using Telemt.Worker.Control.Http;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>The operator's API: what it tells, what it edits, and whom it sends away.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class ControlTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Test]
    public async Task Status_WithASession_CountsIt(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        using var watch = it.Proxy.Service<Telemt.Worker.Control.Status.StatusSampler>().Watch();
        await Wait.UntilAsync(
            () => it.GetAsync("/api/v1/status").GetAwaiter().GetResult().GetProperty("sessions").GetInt32() == 1, "the session in the status");

        var status = await it.GetAsync("/api/v1/status");
        Assert.That(status.GetProperty("totals").GetProperty("admitted").GetInt64(), Is.EqualTo(1));
        Assert.That(status.GetProperty("users").GetProperty("total").GetInt32(), Is.EqualTo(2));
        Assert.That(status.GetProperty("process").GetProperty("stuck_loops").GetInt32(), Is.Zero);
        Assert.That(await it.Http.GetStringAsync("/healthz", cancellation), Is.EqualTo("ok\n"));
        Assert.That(await it.Http.GetStringAsync("/readyz", cancellation), Is.EqualTo("ready\n"));
    }

    [Test]
    public async Task Users_WithSessions_AreCountedWhileTheyRunAndAfter(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using (await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation))
        using (await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation))
        {
            var running = await it.GetAsync("/api/v1/users/tele");
            Assert.That(running.GetProperty("sessions").GetInt32(), Is.EqualTo(2));
            Assert.That(running.GetProperty("addresses").GetInt32(), Is.EqualTo(1));
            Assert.That(running.GetProperty("bytes").GetInt64(), Is.Positive);
        }

        await it.Proxy.SessionsAsync(0);
        var ended = await it.GetAsync("/api/v1/users/tele");
        Assert.That(ended.GetProperty("sessions").GetInt32(), Is.Zero);
        Assert.That(ended.GetProperty("bytes").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task Users_WithAQuota_ShowWhatIsUsedUntilItIsSpent(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync(toml => toml.Set(
            ("users.tele", null),
            ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
            ("users.tele.quota", Text("200KB"))));
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        await Wait.UntilAsync(() => User().GetProperty("period_bytes").GetInt64() > 0, "the first bytes");
        Assert.That(User().GetProperty("state").GetString(), Is.EqualTo("enabled"));
        Assert.That(User().GetProperty("quota_resets_at").GetDateTimeOffset().Day, Is.EqualTo(1));

        await client.PushAsync(150_000, from: Traffic.Short, cancellation: cancellation);
        await client.Socket.EndsByResetAsync(cancellation);
        await Wait.UntilAsync(() => User().GetProperty("state").GetString() == "spent", "the end of the quota");
        Assert.That(User().GetProperty("period_bytes").GetInt64(), Is.GreaterThanOrEqualTo(200_000));

        JsonElement User() => it.GetAsync("/api/v1/users/tele").GetAwaiter().GetResult();
    }

    [Test]
    public async Task OpenApi_NamesEveryRouteAndNoOther()
    {
        await using var it = await ControlFixture.StartAsync();
        var document = await it.GetAsync("/api/v1/openapi.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Where(method => method.Name is "get" or "post" or "patch" or "delete" or "put")
                .Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        var served = ApiRoutes.All(it.Proxy.Host.Services, CancellationToken.None).Select(route => $"{route.Method} {route.Path}");
        Assert.That(served, Is.EquivalentTo(described));
    }

    [Test]
    public async Task User_AddedChangedRotatedRemoved_IsInForceAtOnceAndStandsInTheFile(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();

        var (code, body) = await it.SendAsync(HttpMethod.Post, "/api/v1/users", """{ "name": "carol", "max_connections": 7 }""");
        Assert.That(code, Is.EqualTo(201), body);
        var links = await it.GetAsync("/api/v1/users/carol/links");
        var tg = links.GetProperty("links").EnumerateArray().First(link => link.GetProperty("mode").GetString() == "tls").GetProperty("tg").GetString()!;
        var secret = tg[(tg.IndexOf("secret=ee", StringComparison.Ordinal) + 9)..][..32];
        Assert.That(await File.ReadAllTextAsync(it.Proxy.Path, cancellation), Does.Contain(secret));
        Assert.That(await ServesAsync(it.Proxy, secret, cancellation), "the new link");

        (code, body) = await it.SendAsync(HttpMethod.Patch, "/api/v1/users/carol", """{ "enabled": false }""", await it.TagOfAsync("carol"));
        Assert.That(code, Is.EqualTo(200), body);
        Assert.That(await ServesAsync(it.Proxy, secret, cancellation), Is.False, "disabled");

        (code, body) = await it.SendAsync(HttpMethod.Patch, "/api/v1/users/carol", """{ "enabled": true }""", await it.TagOfAsync("carol"));
        Assert.That(code, Is.EqualTo(200), body);
        (code, body) = await it.SendAsync(HttpMethod.Post, "/api/v1/users/carol/rotate", tag: await it.TagOfAsync("carol"));
        Assert.That(code, Is.EqualTo(200), body);
        Assert.That(await ServesAsync(it.Proxy, secret, cancellation), Is.False, "the old secret");

        (code, body) = await it.SendAsync(HttpMethod.Delete, "/api/v1/users/carol", tag: "*");
        Assert.That(code, Is.EqualTo(204), body);
        Assert.That(await File.ReadAllTextAsync(it.Proxy.Path, cancellation), Does.Not.Contain("carol"));
        (code, _) = await it.SendAsync(HttpMethod.Get, "/api/v1/users/carol");
        Assert.That(code, Is.EqualTo(404));
    }

    [Test]
    public async Task Edit_WithoutAMatchingTag_ChangesNothing(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        var stale = await it.TagOfAsync("tele");
        Assert.That((await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", """{ "max_ips": 3 }""", stale)).Code, Is.EqualTo(200));
        var file = await File.ReadAllTextAsync(it.Proxy.Path, cancellation);

        Assert.That((await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", """{ "max_ips": 4 }""", stale)).Code, Is.EqualTo(412));
        Assert.That((await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", """{ "max_ips": 4 }""")).Code, Is.EqualTo(428));
        Assert.That((await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", """{ "max_ips": -4 }""", "*")).Code, Is.EqualTo(422));
        Assert.That((await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", """{ "colour": 4 }""", "*")).Code, Is.EqualTo(400));
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", """{ "name": "tele" }""")).Code, Is.EqualTo(409));
        Assert.That(await File.ReadAllTextAsync(it.Proxy.Path, cancellation), Is.EqualTo(file));
    }

    [Test]
    public async Task Edits_ManyAtOnce_LoseNoneAndLeaveAValidFile()
    {
        const int Count = 100;
        await using var it = await ControlFixture.StartAsync();
        var codes = await Task.WhenAll(Enumerable.Range(0, Count).Select(async i =>
            (await it.SendAsync(HttpMethod.Post, "/api/v1/users", $$"""{ "name": "user{{i}}" }""")).Code));
        Assert.That(codes, Is.All.EqualTo(201));
        Assert.That((await it.GetAsync("/api/v1/users")).GetProperty("total").GetInt32(), Is.EqualTo(Count + 2));
    }

    [Test]
    public async Task Caller_WithoutTheToken_LearnsNothing(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync(toml => toml["control.token"] = Text(Token));
        foreach (var path in (string[])["/api/v1/status", "/api/v1/users", "/api/v1/users/tele/links", "/api/v1/stream", "/API/V1/users"])
        {
            Assert.That((await it.SendAsync(HttpMethod.Get, path)).Code, Is.EqualTo(401), path);
        }

        foreach (var wrong in (string[])["Bearer " + Token[..^1], "Bearer " + Token + "0", "Basic " + Token, "Bearer"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
            request.Headers.TryAddWithoutValidation("Authorization", wrong);
            Assert.That((int)(await it.Http.SendAsync(request, cancellation)).StatusCode, Is.EqualTo(401), wrong);
        }

        it.Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        Assert.That((await it.SendAsync(HttpMethod.Get, "/api/v1/status")).Code, Is.EqualTo(200));
        Assert.That(it.Proxy.Log.Lines.Where(line => line.ToString().Contains(Token)), Is.Empty);
    }

    [TestCase("Host", "evil.example:80", 421, Description = "a name that was led here")]
    [TestCase("Origin", "https://evil.example", 403)]
    [TestCase("Sec-Fetch-Site", "cross-site", 403)]
    public async Task Request_OfAnotherPage_IsRefused(string header, string value, int expected)
    {
        await using var it = await ControlFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users");
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.That((int)(await it.Http.SendAsync(request)).StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Body_ThatIsNoneOrTooLarge_IsRefused()
    {
        await using var it = await ControlFixture.StartAsync();
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", "{")).Code, Is.EqualTo(400));
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", "[]")).Code, Is.EqualTo(400));
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", """{ "name": "a", "name": "b" }""")).Code, Is.EqualTo(400));
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", new string('[', 100))).Code, Is.EqualTo(400));
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", new string(' ', RequestBody.MaxLength + 1))).Code, Is.EqualTo(413));
        using var form = new StringContent("name=a", Encoding.UTF8, "application/x-www-form-urlencoded");
        Assert.That((int)(await it.Http.PostAsync("/api/v1/users", form)).StatusCode, Is.EqualTo(415));
    }

    [TestCase("/../telemt.toml")]
    [TestCase("/%2e%2e/telemt.toml")]
    [TestCase("//etc/passwd")]
    [TestCase("/page/index.html")]
    [TestCase("/app.js/../../secret")]
    [TestCase("/api/v1/users/..%2f..%2fstatus")]
    public async Task Path_OfTricks_LeadsNowhere(string path, CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        var answer = await RawAsync(it.Port, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", cancellation);
        Assert.That(answer, Does.StartWith("HTTP/1.1 404"));
    }

    [Test]
    public async Task Page_EveryAnswer_KeepsTheBrowserStrict()
    {
        await using var it = await ControlFixture.StartAsync();
        foreach (var path in (string[])["/", "/app.js", "/app.css", "/api/v1/status", "/nothing"])
        {
            using var response = await it.Http.GetAsync(path);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"), path);
            Assert.That(response.Headers.Contains("Server"), Is.False, path);
        }
    }

    [Test]
    public async Task Stream_TellsOfEachSample(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using var response = await it.Http.GetAsync("/api/v1/stream", HttpCompletionOption.ResponseHeadersRead, cancellation);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        string? line;
        while ((line = await reader.ReadLineAsync(cancellation)) is not null && !line.StartsWith("data: ", StringComparison.Ordinal))
        {
        }

        Assert.That(JsonDocument.Parse(line![6..]).RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    private static async Task<bool> ServesAsync(ProxyFixture proxy, string secret, CancellationToken cancellation)
    {
        try
        {
            using var client = await Telemt.Worker.Selftest.ClientConnection.ConnectAsync(
                new IPEndPoint(IPAddress.Loopback, proxy.Port),
                ClientSecret.For(new Secret(Convert.FromHexString(secret)), ClientMode.Tls, ProxyFixture.Domain),
                ProtocolTag.PaddedIntermediate,
                2,
                new Telemt.Worker.SystemRandomSource(),
                proxy.Clock,
                cancellation: cancellation);
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException)
        {
            return false;
        }
    }

    private static async Task<string> RawAsync(int port, string request, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellation);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
