using System.Net.Sockets;
using System.Text;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.EndToEnd;

/// <summary>Callers of the API who mean no good, on raw sockets.</summary>
[Platform("Linux")]
[CancelAfter(90_000)]
internal sealed class ControlAbuseTests
{
    [Test]
    public async Task Edits_UnderOneTag_OnlyTheFirstCounts()
    {
        const int Editors = 8;
        await using var it = await ControlFixture.StartAsync();
        var tag = await it.TagOfAsync("tele");

        var codes = await Task.WhenAll(Enumerable.Range(1, Editors).Select(async i =>
            (Number: i, (await it.SendAsync(HttpMethod.Patch, "/api/v1/users/tele", $$"""{ "max_connections": {{i}} }""", tag)).Code)));

        Assert.That(codes.Select(answer => answer.Code), Has.Exactly(1).EqualTo(200).And.Exactly(Editors - 1).EqualTo(412));
        Assert.That(
            (await it.GetAsync("/api/v1/users/tele")).GetProperty("max_connections").GetInt32(),
            Is.EqualTo(codes.Single(answer => answer.Code == 200).Number));
    }

    [TestCase("GET /{0} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 5000, "414")]
    [TestCase("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {0}\r\n\r\n", 20_000, "431")]
    [TestCase("\u0016\u0003\u0001 {0}\r\n\r\n", 10, "400")]
    [TestCase("GET http://evil.example/api/v1/status HTTP/1.1\r\nHost: evil.example\r\nX: {0}\r\n\r\n", 1, "421")]
    [TestCase("TRACE /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: {0}\r\n\r\n", 1, "405")]
    [TestCase("POST /api/v1/users HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nxyz{0}\r\n", 1, "400")]
    public async Task Request_OutOfShape_IsRefused(string text, int length, string expected)
    {
        await using var it = await ControlFixture.StartAsync();
        using var client = new TcpClient("127.0.0.1", it.Port);

        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(string.Format(text.Replace("PORT", it.Port.ToString()), new string('a', length))));

        Assert.That(await StatusAsync(client), Does.Contain($" {expected} "));
        Assert.That((await it.SendAsync(HttpMethod.Get, "/api/v1/status")).Code, Is.EqualTo(200), "the others");
    }

    [Test]
    public async Task Streams_TooMany_AreRefusedAndTheRestGoOn(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        var clients = Enumerable.Range(0, 17).Select(_ => new TcpClient("127.0.0.1", it.Port)).ToList();
        try
        {
            var answers = new List<string>();
            foreach (var client in clients)
            {
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:{it.Port}\r\n\r\n"), cancellation);
                answers.Add(await StatusAsync(client));
            }

            Assert.That(answers, Has.Exactly(16).Contains(" 200 ").And.Exactly(1).Contains(" 503 "));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Wait.UntilAsync(() => StreamsAsync(it).GetAwaiter().GetResult().Contains(" 200 ", StringComparison.Ordinal), "a place among the streams");
    }

    /// <summary>The server waits five seconds before it looks at the pace.</summary>
    [Test]
    [Category("Long")]
    public async Task Body_ThatDrips_IsCutOff(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using var client = new TcpClient("127.0.0.1", it.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/users HTTP/1.1\r\nHost: 127.0.0.1:{it.Port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"), cancellation);

        Assert.That(await StatusAsync(client), Does.Contain(" 408 ").Or.Empty);
        Assert.That((await it.SendAsync(HttpMethod.Post, "/api/v1/users", """{ "name": "carol" }""")).Code, Is.EqualTo(201), "the others");
    }

    private static async Task<string> StreamsAsync(ControlFixture it)
    {
        using var client = new TcpClient("127.0.0.1", it.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:{it.Port}\r\n\r\n"));
        return await StatusAsync(client);
    }

    /// <returns>The first line; nothing when the server ended without a word.</returns>
    private static async Task<string> StatusAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            return await reader.ReadLineAsync() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
