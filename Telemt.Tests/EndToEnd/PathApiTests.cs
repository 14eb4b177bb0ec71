using System.Text.Json;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using Telemt.Worker.Control.Status;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>What the API tells of ways and of clients.</summary>
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class PathApiTests
{
    [Test]
    public async Task Clients_WhoWereAnswered_AreCountedByModeDcAndNetwork(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using var tls = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var secure = await it.Proxy.EchoingAsync(Form.Secure, dc: -4, cancellation: cancellation);

        var clients = await it.GetAsync("/api/v1/clients");

        Assert.That(Row(clients, "modes", "tls").GetProperty("answered").GetInt64(), Is.EqualTo(1));
        Assert.That(Row(clients, "modes", "tls").GetProperty("p99").GetDouble(), Is.Positive);
        Assert.That(Row(clients, "dcs", "-4").GetProperty("answered").GetInt64(), Is.EqualTo(1));
        Assert.That(Row(clients, "networks", "127.0.0.0/16").GetProperty("answered").GetInt64(), Is.EqualTo(2));
        Assert.That(clients.GetProperty("skews").EnumerateArray().Single(skew => skew.GetProperty("seconds").GetInt32() == 0).GetProperty("count").GetInt64(), Is.EqualTo(1));
    }

    [Test]
    public async Task Clients_WithClientIpsNone_HaveNoNetwork(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync(toml => toml["logging.client_ips"] = Text("none"));
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        var clients = await it.GetAsync("/api/v1/clients");

        Assert.That(clients.GetProperty("networks").EnumerateArray().Select(row => row.GetProperty("name").GetString()), Is.EqualTo(new[] { "other" }));
    }

    [Test]
    public async Task Clients_WhoseDcIsNotReached_AreUnansweredAndCountedByStage(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        await using var it = await ControlFixture.StartAsync(toml => toml["dc_overrides.3"] = Text($"127.0.0.1:{Ports.PortOf(refusing)}"));
        using var client = await it.Proxy.ConnectAsync(Form.Secure, dc: 3, cancellation: cancellation);
        await client.SendFrameAsync(new byte[16], cancellation);

        JsonElement clients = default;
        await Wait.UntilAsync(() => Failures(clients = Get(it), "dc_unreachable") == 1, "the end of the session");

        Assert.That(Row(clients, "dcs", "3").GetProperty("unanswered").GetInt64(), Is.EqualTo(1));
        Assert.That(Row(clients, "dcs", "3").GetProperty("p50").ValueKind, Is.EqualTo(JsonValueKind.Null));

        static JsonElement Get(ControlFixture it) => it.GetAsync("/api/v1/clients").GetAwaiter().GetResult();
    }

    [Test]
    public async Task Refusals_OfStrangers_AreCountedByLookNetworkAndFingerprint(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync();
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        var stranger = new TestHello();
        foreach (var bytes in (byte[][])[[.. "GET / HTTP/1.1\r\n\r\n"u8], stranger.Build(), stranger.Build()])
        {
            using var socket = await it.Proxy.KnockAsync(cancellation);
            await socket.SendAllAsync(bytes, cancellation);
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await socket.ReceiveAllAsync(cancellation);
        }

        var refusals = await it.GetAsync("/api/v1/refusals");

        Assert.That(Class("http"), Is.EqualTo(1));
        Assert.That(Class("wrong_secret") + Class("tls_scanner"), Is.EqualTo(2));
        var source = refusals.GetProperty("sources").EnumerateArray().First();
        Assert.That((source.GetProperty("network").GetString(), source.GetProperty("count").GetInt64()), Is.EqualTo(("127.0.0.0/24", 2L)));
        var hellos = refusals.GetProperty("hellos").EnumerateArray().ToList();
        Assert.That(hellos.Select(hello => (hello.GetProperty("accepted").GetInt64(), hello.GetProperty("refused").GetInt64())), Is.EqualTo(new[] { (1L, 0L), (0L, 2L) }));
        Assert.That(hellos.Select(hello => hello.GetProperty("ja4").GetString()), Is.All.Match("^t13d[0-9]{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$"));

        var flight = refusals.GetProperty("flights").EnumerateArray().Single(row => row.GetProperty("group").GetString() == "x25519");
        Assert.That((flight.GetProperty("answered").GetInt64(), flight.GetProperty("abandoned").GetInt64()), Is.EqualTo((1L, 0L)));

        long Class(string name) => refusals.GetProperty("classes").EnumerateArray().Single(row => row.GetProperty("class").GetString() == name).GetProperty("count").GetInt64();
    }

    [Test]
    public async Task Flights_BehindWhichNothingComes_AreCountedByGroup(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync(toml => toml["fronting.key_share"] = Text("x25519mlkem768"));
        using (var socket = await it.Proxy.KnockAsync(cancellation))
        {
            await socket.SendAllAsync(it.Proxy.Hello(), cancellation);
            await socket.ReceiveAsync(3, cancellation);
        }

        await Wait.UntilAsync(() => it.Proxy.Sessions.AbandonedBehind(KeyGroup.X25519MlKem768) == 1, "the end of the client");
        var flights = (await it.GetAsync("/api/v1/refusals")).GetProperty("flights").EnumerateArray().ToDictionary(row => row.GetProperty("group").GetString()!);
        Assert.That(flights["x25519mlkem768"].GetProperty("answered").GetInt64(), Is.EqualTo(1));
        Assert.That(flights["x25519"].GetProperty("answered").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Refusals_Words_AreThoseOfTheDescriptionAndThePage()
    {
        await using var it = await ControlFixture.StartAsync();
        var described = (await it.GetAsync("/api/v1/openapi.json")).GetProperty("components").GetProperty("schemas").GetProperty("Refusals")
            .GetProperty("properties").GetProperty("classes").GetProperty("items").GetProperty("properties").GetProperty("class").GetProperty("enum")
            .EnumerateArray().Select(word => word.GetString()!).ToList();
        var page = await it.Http.GetStringAsync("/strangers.js");

        var served = (await it.GetAsync("/api/v1/refusals")).GetProperty("classes").EnumerateArray().Select(row => row.GetProperty("class").GetString());

        Assert.That(served, Is.EquivalentTo(described));
        Assert.That(described.Where(word => !page.Contains($"\n  {word}: [", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Routes_OfAnUpstreamInUse_TellItsPaths(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        await using var it = await ControlFixture.StartAsync(toml =>
        {
            toml["dc_overrides.3"] = Text($"127.0.0.1:{Ports.PortOf(refusing)}");
            toml["health.threshold"] = "1";
        });
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var lost = await it.Proxy.ConnectAsync(Form.Secure, dc: 3, cancellation: cancellation);
        await lost.SendFrameAsync(new byte[16], cancellation);
        await Wait.UntilAsync(() => Upstream().GetProperty("failed").GetInt64() == 1, "the failure");

        var upstream = Upstream();
        Assert.That((upstream.GetProperty("type").GetString(), upstream.GetProperty("state").GetString(), upstream.GetProperty("sessions").GetInt32()), Is.EqualTo(("direct", "up", 1)));
        var paths = upstream.GetProperty("paths").EnumerateArray().ToDictionary(path => path.GetProperty("address").GetString()!);
        var well = paths[it.Proxy.Telegram.EndPoint.ToString()];
        Assert.That((well.GetProperty("state").GetString(), well.GetProperty("family").GetString()), Is.EqualTo(("up", "ipv4")));
        Assert.That(well.GetProperty("connect").GetProperty("p50").GetDouble(), Is.Positive);
        var down = paths[$"127.0.0.1:{Ports.PortOf(refusing)}"];
        Assert.That((down.GetProperty("dc").GetInt32(), down.GetProperty("state").GetString()), Is.EqualTo((3, "down")));
        Assert.That(down.GetProperty("last_error").GetString(), Does.Contain("refused"));

        JsonElement Upstream() => it.GetAsync("/api/v1/routes").GetAwaiter().GetResult().GetProperty("upstreams")[0];
    }

    [Test]
    public void Stages_OfEveryCause_AreKnownToThePage()
    {
        string[] stages = ["connect", "hello", "offer", "authenticate", "admit", "inner_header", "dial"];

        Assert.That(Enum.GetValues<Refusal>().Select(HandshakeStages.Of).Distinct(), Is.SubsetOf(stages));
    }

    private static JsonElement Row(JsonElement clients, string kind, string name) =>
        clients.GetProperty(kind).EnumerateArray().Single(row => row.GetProperty("name").GetString() == name);

    private static long Failures(JsonElement clients, string cause) =>
        clients.GetProperty("failures").EnumerateArray().Single(failure => failure.GetProperty("cause").GetString() == cause).GetProperty("count").GetInt64();
}
