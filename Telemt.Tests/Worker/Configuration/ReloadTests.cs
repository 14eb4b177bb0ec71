using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration;

namespace Telemt.Tests.Worker.Configuration;

[TestFixture]
internal sealed class ReloadTests
{
    private const string Start = ConfigText.Least + "port = 1001\n";

    [Test]
    public void Edit_ThatValidates_IsInForceWithTheNextRevision()
    {
        using var it = new Monitored(Start);
        var outcome = it.Edit(ConfigText.Least + "port = 1002\nusers.bob = \"fedcba9876543210fedcba9876543210\"\n[timeouts]\nidle = \"1h\"\n");
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(ReloadOutcome.Applied));
            Assert.That(it.Monitor.CurrentValue.Port, Is.EqualTo(1002));
            Assert.That(it.Monitor.Revision, Is.EqualTo(2));
            Assert.That(it.Log.Single(), Is.EqualTo(
                "Information 1010 Settings 2 are in force: port 1001 → 1002; timeouts.idle 30m → 1h; users added bob; "
                + "listeners added 0.0.0.0:1002, [::]:1002; listeners removed 0.0.0.0:1001, [::]:1001"));
        });
    }

    [TestCase("port = \n")]
    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase(ConfigText.Least + "port = 0")]
    [TestCase("\u0000\u0001")]
    public void Edit_ThatIsBroken_KeepsTheLastGoodAndSaysSo(string text)
    {
        using var it = new Monitored(Start);
        var before = it.Monitor.CurrentValue;
        var outcome = it.Edit(text);
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(ReloadOutcome.Refused));
            Assert.That(it.Monitor.CurrentValue, Is.SameAs(before));
            Assert.That(it.Log.Single(), Does.StartWith($"Error 1011 {it.Path} has 1 error(s); settings 1 stay in force:").And.Contains($"  {it.Path}:"));
        });
    }

    [Test]
    public void File_Deleted_KeepsTheLastGoodAndSaysSo()
    {
        using var it = new Monitored(Start);
        File.Delete(it.Path);
        Assert.Multiple(() =>
        {
            Assert.That(it.Service.Reload(asked: false), Is.EqualTo(ReloadOutcome.Refused));
            Assert.That(it.Monitor.CurrentValue.Port, Is.EqualTo(1001));
            Assert.That(it.Log.Single(), Does.Contain("there is no such file"));
            Assert.That(it.Edit(Start), Is.EqualTo(ReloadOutcome.Unchanged));
            Assert.That(it.Log[1], Does.StartWith("Information 1012 ").And.Contains("says what is in force already"));
        });
    }

    [Test]
    public void Errors_OfOneEdit_AreListedInOneMessage()
    {
        using var it = new Monitored(Start);
        it.Edit(ConfigText.Least + "port = 0\nmask = 1\n");
        Assert.That(
            it.Log.Single().Split(Environment.NewLine),
            Is.EqualTo(new[]
            {
                $"Error 1011 {it.Path} has 2 error(s); settings 1 stay in force:",
                $"  {it.Path}:3:8: port: 0 is out of range; give a whole number from 1 to 65535",
                $"  {it.Path}:4:8: mask: is a number; give true or false",
            }));
    }

    [Test]
    public void Content_AlreadyInForce_IsSkippedInSilence()
    {
        using var it = new Monitored(Start);
        var calls = 0;
        using var subscription = it.Monitor.OnChange((_, _) => calls++);
        Assert.Multiple(() =>
        {
            Assert.That(it.Edit(Start), Is.EqualTo(ReloadOutcome.Unchanged));
            Assert.That((calls, it.Monitor.Revision, it.Log.Count), Is.EqualTo((0, 1L, 0)));
        });
    }

    [Test]
    public void Request_WithNothingNew_IsAnswered()
    {
        using var it = new Monitored(Start);
        Assert.Multiple(() =>
        {
            Assert.That(it.Service.Reload(asked: true), Is.EqualTo(ReloadOutcome.Unchanged));
            Assert.That(it.Log.Single(), Does.StartWith("Information 1012 "));
        });
    }

    [Test]
    public void BrokenEdit_SeenTwice_IsSaidOnceUnlessAsked()
    {
        using var it = new Monitored(Start);
        it.Edit("port = ");
        it.Service.Reload(asked: false);
        Assert.That(it.Log, Has.Count.EqualTo(1));
        it.Service.Reload(asked: true);
        Assert.That(it.Log, Has.Count.EqualTo(2));
    }

    [Test]
    public void Warnings_AreRepeatedAtEachReload()
    {
        const string Placeholder = "users.zero = \"00000000000000000000000000000000\"\n";
        using var it = new Monitored(Start);
        it.Edit(Start + Placeholder);
        it.Edit(Start + Placeholder + "prefer_ipv6 = true");
        Assert.That(it.Log.Count(line => line.StartsWith("Warning 1013 ") && line.Contains("placeholder")), Is.EqualTo(2));
    }

    [Test]
    public async Task Start_OfTheService_SaysTheWarningsOfTheStart()
    {
        using var it = new Monitored(Start + "prot = 5\n");
        await it.Service.StartAsync(CancellationToken.None);
        await it.Service.StopAsync(CancellationToken.None);
        Assert.That(it.Log, Has.One.Contains("did you mean \"port\"?"));
    }

    [Test]
    public void Listener_ThatThrows_KeepsNobodyFromTheNews()
    {
        using var it = new Monitored(Start);
        var heard = new List<int>();
        using var first = it.Monitor.OnChange((settings, _) => heard.Add(settings.Port));
        using var second = it.Monitor.OnChange((_, _) => throw new InvalidOperationException("broken"));
        using var third = it.Monitor.OnApplied(change => heard.Add(change.Before.Port));
        it.Edit(ConfigText.Least + "port = 1002\n");
        Assert.Multiple(() =>
        {
            Assert.That(heard, Is.EqualTo(new[] { 1002, 1001 }));
            Assert.That(it.Log[0], Does.StartWith("Error 1001 "));
            Assert.That(it.Log[1], Does.StartWith("Information 1010 "));
        });
    }

    [Test]
    public void Listener_DisposedOf_HearsNothing()
    {
        using var it = new Monitored(Start);
        var calls = 0;
        it.Monitor.OnChange((_, _) => calls++).Dispose();
        it.Edit(ConfigText.Least + "port = 1002\n");
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void Observers_OfAReload_AreToldWhenItBeginsAndWhatItCameTo()
    {
        var observer = new Observer();
        using var it = new Monitored(Start, new Thrower(), observer);
        using var subscription = it.Monitor.OnChange((_, _) => observer.Heard.Add("applied"));
        it.Edit(ConfigText.Least + "port = 1002\n");
        it.Edit("port = ");
        Assert.That(observer.Heard, Is.EqualTo(new[] { "reloading", "applied", "Applied", "reloading", "Refused" }));
    }

    [Test]
    public async Task Edits_AHundredInASecond_EndAtTheLast()
    {
        using var it = new Monitored(Start);
        var revisions = new List<long>();
        using var subscription = it.Monitor.OnChange((settings, _) => revisions.Add(settings.Revision));
        await it.Service.StartAsync(CancellationToken.None);
        for (var port = 2001; port <= 2100; port++)
        {
            it.Write(ConfigText.Least + $"port = {port}\n");
            it.Service.FileChanged();
        }

        await Wait.UntilAsync(() => it.Monitor.CurrentValue.Port == 2100, "the last edit");
        await it.Service.StopAsync(CancellationToken.None);
        Assert.That(revisions, Is.Ordered.And.EqualTo(Enumerable.Range(2, revisions.Count).Select(revision => (long)revision)));
    }

    [Test]
    public async Task Edit_OfTheWatchedFile_IsInForceWithinASecondOfTheLastWrite()
    {
        using var it = new Monitored(Start);
        await it.Service.StartAsync(CancellationToken.None);
        for (var port = 2001; port <= 2100; port++)
        {
            it.Write(ConfigText.Least + $"port = {port}\n");
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Wait.UntilAsync(() => it.Monitor.CurrentValue.Port == 2100, "the last edit");
        TestContext.Out.WriteLine($"in force after {watch.ElapsedMilliseconds} ms");
        await it.Service.StopAsync(CancellationToken.None);
        Assert.That(it.Log, Has.None.StartsWith("Error"));
    }

    [Test]
    public async Task Edit_BeforeTheWatchBegan_IsSeen()
    {
        using var it = new Monitored(Start);
        it.Write(ConfigText.Least + "port = 1002\n");
        await it.Service.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(() => it.Monitor.CurrentValue.Port == 1002, "the edit");
        await it.Service.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Request_WhileRunning_ReloadsAndAnswers()
    {
        using var it = new Monitored(Start);
        await it.Service.StartAsync(CancellationToken.None);
        it.Service.RequestReload();
        await Wait.UntilAsync(() => LogCount(it) == 1, "the answer");
        await it.Service.StopAsync(CancellationToken.None);
        Assert.That(it.Log.Single(), Does.StartWith("Information 1012 "));
    }

    [Test]
    public void Monitor_WithoutGoodSettings_CannotBe()
        => Assert.That(
            () => new LastGoodMonitor(ConfigText.Load("port = 0"), Microsoft.Extensions.Logging.Abstractions.NullLogger<LastGoodMonitor>.Instance),
            Throws.ArgumentException);

    [Test]
    public void Change_OfSecrets_IsSaidWithoutThem()
    {
        const string New = "fedcba9876543210fedcba9876543210";
        using var it = new Monitored(Start + "[control]\ntoken = \"the token of before\"\n");
        it.Edit(Start.Replace("0123456789abcdef0123456789abcdef", New) + "[control]\ntoken = \"the token of after\"\n[[upstreams]]\ntype = \"socks5\"\naddress = \"a:1\"\nusername = \"bob\"\npassword = \"hush\"\n");
        Assert.Multiple(() =>
        {
            Assert.That(it.Log[0], Does.Contain("new secret for alice").And.Contains("control.token (hidden) → (hidden)").And.Contains("[[upstreams]] changed, 1 now"));
            Assert.That(it.Log, Has.None.Contains(New).And.None.Contains("token of").And.None.Contains("hush"));
        });
    }

    [Test]
    public void Load_WithTenThousandUsers_IsQuick()
    {
        var text = ConfigText.Least + string.Concat(Enumerable.Range(1, 10_000).Select(i => $"[users.user{i}]\nsecret = \"{i:x32}\"\nenabled = true\n"));
        ConfigText.Settings(text);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var settings = ConfigText.Settings(text);
        TestContext.Out.WriteLine($"10,000 users in {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.Multiple(() =>
        {
            Assert.That(settings.Users.Users, Has.Length.EqualTo(10_001));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)), "a bound for a busy machine; quadratic work takes longer");
        });
    }

    private static int LogCount(Monitored it)
    {
        lock (it.Log)
        {
            return it.Log.Count;
        }
    }

    private sealed class Observer : IReloadObserver
    {
        public List<string> Heard { get; } = [];

        public void Reloading() => Heard.Add("reloading");

        public void Reloaded(ReloadOutcome outcome) => Heard.Add(outcome.ToString());
    }

    private sealed class Thrower : IReloadObserver
    {
        public void Reloading() => throw new InvalidOperationException();

        public void Reloaded(ReloadOutcome outcome) => throw new InvalidOperationException();
    }
}
