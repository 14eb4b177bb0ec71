using Telemt.Core.Policy;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of rates under a download that runs: what is held moves on as soon as it may, whole.</summary>
internal sealed class LiveRateKeyTests : LiveTests
{
    private const long Much = 400_000;

    private FairShare Shares => Proxy.Service<FairShare>();

    [Test]
    [LiveKey("users.*.rate")]
    [LiveKey("defaults.rate")]
    public async Task Rate_OfAUser_HoldsHisRunningSessionUntilItIsTakenBack(
        [Values("users.tele.", "defaults.")] string table, [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var client = await Proxy.ConnectAsync(form, cancellation: cancellation);
        using var other = await Proxy.EchoingAsync(form, user: "hello", cancellation: cancellation);
        await Proxy.EditAsync(
            ("users.tele", null),
            ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
            ("users.hello", null),
            ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))),
            ("users.hello.rate", "0"),
            (table + "rate", Text("2KB")));
        await client.AskAsync(FakeMode.Source, Much, cancellation);
        await HeldAsync("tele");
        Assert.That(Flow("tele")!.Moved, Is.LessThan(Much / 2));
        await other.EchoMoreAsync(50_000, cancellation: cancellation);

        await Proxy.EditAsync((table + "rate", Text("100MB")));
        await client.ExpectAsync(Much, cancellation: cancellation);
    }

    [Test]
    [LiveKey("limits.rate")]
    public async Task Rate_OfTheHost_HoldsEverybodyUntilItIsTakenBack([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var client = await Proxy.ConnectAsync(form, cancellation: cancellation);
        using var other = await Proxy.ConnectAsync(form, user: "hello", cancellation: cancellation);
        await Proxy.EditAsync(("limits.rate", Text("10KB")));
        await client.AskAsync(FakeMode.Source, Much, cancellation);
        await other.AskAsync(FakeMode.Source, Much, cancellation);
        await HeldAsync("tele");
        await HeldAsync("hello");

        await Proxy.EditAsync(("limits.rate", null));
        await client.ExpectAsync(Much, cancellation: cancellation);
        await other.ExpectAsync(Much, cancellation: cancellation);
    }

    [Test]
    [LiveKey("policies.rate")]
    public async Task Rate_OfAPolicy_HoldsTheSessionsThatComeByItFromNowOn([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var before = await Proxy.ConnectAsync(form, cancellation: cancellation);
        await before.AskAsync(FakeMode.Source, Much, cancellation);
        await Proxy.SessionsAsync(1);
        await Proxy.EditAsync(("policies", """[{ users = ["tele"], rate = "2KB" }]"""));
        using var client = await Proxy.ConnectAsync(form, cancellation: cancellation);
        using var other = await Proxy.EchoingAsync(form, user: "hello", cancellation: cancellation);
        await client.AskAsync(FakeMode.Source, Much, cancellation);
        await HeldAsync("tele");
        await before.ExpectAsync(Much, cancellation: cancellation);
        await other.EchoMoreAsync(50_000, cancellation: cancellation);

        await Proxy.EditAsync(("policies", null));
        using var after = await Proxy.ConnectAsync(form, cancellation: cancellation);
        await after.AskAsync(FakeMode.Source, Much, cancellation);
        await after.ExpectAsync(Much, cancellation: cancellation);
        Assert.That(Flow("tele")!.HeldNow, Is.EqualTo(1), "who came by the policy stays as he is");
    }

    private FlowCounters? Flow(string user) => Shares.Users.SingleOrDefault(share => share.User == user)?.Down.On(0);

    private Task HeldAsync(string user) => Wait.UntilAsync(() => Flow(user)?.HeldNow == 1, $"{user} to be held");
}
