using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using Telemt.Worker.State;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of what a user may hold and move. Who is one too many sees the site, and running sessions stay.</summary>
internal sealed class LiveUserLimitKeyTests : LiveTests
{
    private const long Much = 300_000;

    private static readonly ClientAddress Door = new(IPEndPoint.Parse("192.0.2.10:443"));

    [Test]
    [LiveKey("users.*.max_connections")]
    [LiveKey("defaults.max_connections")]
    public async Task MaxConnections_Reached_TheNextIsMasked(
        [Values("users.tele.", "defaults.")] string table, [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await LimitAsync((table + "max_connections", "2"));
        using var first = await Proxy.EchoingAsync(form, cancellation: cancellation);
        using (await Proxy.EchoingAsync(form, cancellation: cancellation))
        {
            Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
            await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.UserConnections) == 1, "the refusal");
            Assert.That(Proxy.Site.Connections, Is.EqualTo(1), "masked, not told");
            Assert.That(await Proxy.ServesAsync(form, user: "hello", cancellation: cancellation), "another user");
        }

        await Proxy.SessionsAsync(1);
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), "a place was given back");

        await Proxy.EditAsync((table + "max_connections", "1"));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        await first.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("users.*.max_ips")]
    [LiveKey("defaults.max_ips")]
    [LiveKey("users.*.ip_window")]
    [LiveKey("defaults.ip_window")]
    public async Task MaxIps_Reached_AnotherAddressWaitsForTheWindow([Values("users.tele.", "defaults.")] string table, CancellationToken cancellation)
    {
        await LimitAsync((table + "max_ips", "1"), ("listeners", """[{ ip = "127.0.0.1", proxy_protocol = true, trusted = ["127.0.0.1"] }]"""));
        await Proxy.TurnAsync();
        using var first = From("[2001:db8:0:1::1]:1");
        using var same = From("[2001:db8:0:1::2]:1");
        using var other = From("203.0.113.7:1");
        using (await Proxy.ConnectAsync(Form.Tls, at: first.EndPoint, cancellation: cancellation))
        {
            Assert.That(await Proxy.ServesAsync(Form.Tls, at: same.EndPoint, cancellation: cancellation), "a /64 is one address");
            Assert.That(await Proxy.ServesAsync(Form.Tls, at: other.EndPoint, cancellation: cancellation), Is.False);
            await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.UserAddresses) == 1, "the refusal");
        }

        var account = Proxy.Service<UserAccounts>().Of("tele");
        await Wait.UntilAsync(() => account.Sessions == 0, "all to have gone");
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: other.EndPoint, cancellation: cancellation), Is.False, "within a minute");

        await Proxy.EditAsync((table + "ip_window", "10"));
        Proxy.Advance(TimeSpan.FromSeconds(11));
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: other.EndPoint, cancellation: cancellation));

        await Proxy.EditAsync((table + "max_ips", "0"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: first.EndPoint, cancellation: cancellation), "0 is no limit");
    }

    [Test]
    [LiveKey("users.*.quota")]
    [LiveKey("defaults.quota")]
    [LiveKey("users.*.quota_period")]
    [LiveKey("defaults.quota_period")]
    public async Task Quota_SpentInMidSession_EndsTheUsersSessionsUntilThePeriodEnds(
        [Values("users.tele.", "defaults.")] string table, [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var other = await Proxy.EchoingAsync(form, user: "hello", cancellation: cancellation);
        await LimitAsync((table + "quota", Text("200KB")), ("users.hello.quota", "0"));
        using var quiet = await Proxy.EchoingAsync(form, cancellation: cancellation);
        using var client = await Proxy.EchoingAsync(form, cancellation: cancellation);
        await SpendAsync(client, cancellation);

        await Proxy.EndedAsync(SessionEnd.Quota, 2);
        await quiet.Socket.EndsByResetAsync(cancellation);
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.UserQuota) == 1, "the refusal");
        Assert.That(Proxy.Site.Connections, Is.EqualTo(1), "masked, not told");

        await Proxy.EditAsync((table + "quota_period", Text("day")));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False, "it was used today");
        await other.EchoMoreAsync(cancellation: cancellation);
        Proxy.Advance(TimeSpan.FromDays(1));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation));

        await Proxy.EditAsync((table + "quota_period", Text("total")));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        await Proxy.EditAsync((table + "quota", Text("1GB")));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation));
    }

    [Test]
    public async Task Quota_LoweredBelowWhatIsUsed_CutsAndResetByTheOperatorServes(CancellationToken cancellation)
    {
        await LimitAsync(("users.tele.quota", Text("1GB")));
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        await client.EchoMoreAsync(100_000, cancellation: cancellation);
        var accounts = Proxy.Service<UserAccounts>();
        await UntilCountedAsync(200_000);

        await Proxy.EditAsync(("users.tele.quota", Text("150KB")));
        await Proxy.EndedAsync(SessionEnd.Quota);
        var report = accounts.Report(Proxy.Sessions.PerLoop[0].Settings.Users.FindByName("tele")!);
        Assert.Multiple(() =>
        {
            Assert.That(report.IsQuotaSpent);
            Assert.That(report.UsedBytes, Is.InRange(200_000, 210_000), "both directions");
            Assert.That(report.Quota, Is.EqualTo(150_000));
            Assert.That(report.QuotaResetsAt!.Value.Day, Is.EqualTo(1));
        });

        accounts.ResetTraffic("tele");
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    /// <summary>What a kill leaves: the file as it is a second after the last byte.</summary>
    [Test]
    public async Task Quota_OverAKill_IsKnownToTheNextProcess(CancellationToken cancellation)
    {
        using var state = new TempFolder();
        using var copy = new TempFolder();
        await LimitAsync(("state", Text(state.Path)), ("users.tele.quota", Text("200KB")));
        using (var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation))
        {
            await SpendAsync(client, cancellation);
            await Proxy.EndedAsync(SessionEnd.Quota);
        }

        await UntilWrittenAsync(state["traffic.log"], 200_000);
        File.Copy(state["traffic.log"], copy["traffic.log"]);
        await using var next = await ProxyFixture.StartAsync(toml => toml.Set(
            ("users.tele", null),
            ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
            ("users.tele.quota", Text("200KB")),
            ("state", Text(copy.Path))));
        Assert.That(await next.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        Assert.That(await next.ServesAsync(Form.Tls, user: "hello", cancellation: cancellation));
        await Wait.UntilAsync(() => next.Sessions.CountOf(Refusal.UserQuota) == 1, "the refusal");
    }

    [Test]
    public async Task MaxConnections_OnSeveralLoops_IsExact(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(
            toml => toml.Set(
                ("users.tele", null),
                ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
                ("users.tele.max_connections", "5")),
            loops: 3);
        var clients = new List<ClientConnection>();
        for (var i = 0; i < 20; i++)
        {
            try
            {
                clients.Add(await proxy.EchoingAsync(Form.Tls, cancellation: cancellation));
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SocketException)
            {
                // Masked.
            }
        }

        Assert.That(clients, Has.Count.EqualTo(5));
        clients.ForEach(client => client.Dispose());
    }

    /// <summary>Goes on until it is cut; <see cref="Much"/> there and back is over every quota here.</summary>
    private static async Task SpendAsync(ClientConnection client, CancellationToken cancellation)
    {
        var sending = client.PushAsync(Much, from: Traffic.Short, cancellation: cancellation);
        await client.Socket.EndsByResetAsync(cancellation);
        try
        {
            await sending;
        }
        catch (SocketException)
        {
            // Cut in the middle.
        }
    }

    private Task UntilWrittenAsync(string file, long bytes) => Wait.UntilAsync(
        () =>
        {
            Proxy.Advance(TimeSpan.FromMilliseconds(500));
            return File.Exists(file) && TrafficFile.Read(file).Any(record => record.Name == "tele" && record.Total >= bytes);
        },
        "the writer");

    private Task UntilCountedAsync(long bytes) => Wait.UntilAsync(
        () =>
        {
            Proxy.Advance(TimeSpan.FromMilliseconds(600));
            return Proxy.Service<UserAccounts>().Of("tele").Traffic.Used(QuotaPeriod.Total, Proxy.Clock.GetUtcNow()) >= bytes;
        },
        "the meter");

    private FakeBalancer From(string client) =>
        new(Proxy.Port, ProxyProtocolWriter.Write(2, new ClientAddress(IPEndPoint.Parse(client)), Door));

    private Task LimitAsync(params (string Key, string? Value)[] edits) => Proxy.EditAsync([
        ("users.tele", null),
        ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
        ("users.hello", null),
        ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))),
        .. edits]);
}
