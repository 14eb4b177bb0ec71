using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Telemt.Tests.EndToEnd;
using Telemt.Worker.Configuration;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.External;

/// <summary>The page with ten thousand users, and a thousand editors: what must hold is asserted, how long it takes is printed.</summary>
[Category("Long")]
[Platform("Linux")]
[CancelAfter(280_000)]
internal sealed class PageFiguresTests
{
    private const int Many = 10_000;

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(SourceFile())!, "page");

    [Test]
    public async Task Page_OfTenThousandUsers_IsThereAtOnce(CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Assert.Ignore("playwright-core is not installed: npm install --ignore-scripts --no-package-lock in Telemt.Tests/External/page");
        }

        Tool.Find("chromium");
        await using var it = await ControlFixture.StartAsync(AddMany);

        var (code, output, error) = await Tool.Find("node").RunAsync(cancellation, Path.Combine(Folder, "figures.mjs"), it.Address, "/usr/bin/chromium");

        Assert.That(code, Is.Zero, error + output);
        TestContext.Progress.WriteLine($"page of {Many} users, ms: {output.Trim()}");
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("shown").GetInt32(), Is.EqualTo(1000));
    }

    [Test]
    public async Task List_OfTenThousandUsers_Streams(CancellationToken cancellation)
    {
        await using var it = await ControlFixture.StartAsync(AddMany);
        for (var turn = 0; turn < 3; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await it.Http.GetAsync("/api/v1/users", HttpCompletionOption.ResponseHeadersRead, cancellation);
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[64 * 1024];
            var total = await stream.ReadAsync(buffer, cancellation);
            var first = Stopwatch.GetElapsedTime(began);
            for (var received = total; received > 0; total += received)
            {
                received = await stream.ReadAsync(buffer, cancellation);
            }

            Assert.That(answer.Content.Headers.ContentLength, Is.Null, "a length would mean that it was whole somewhere");
            Print($"list of {Many + 2} users: {total} bytes, first after {first.TotalMilliseconds:F0} ms, all after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        }
    }

    [Test]
    public async Task Edit_AmongTenThousandUsers_IsInForceWhenItIsAnswered()
    {
        await using var it = await ControlFixture.StartAsync(AddMany);
        for (var turn = 0; turn < 5; turn++)
        {
            var tag = await it.TagOfAsync("user7");
            var began = Stopwatch.GetTimestamp();
            var (code, body) = await it.SendAsync(HttpMethod.Patch, "/api/v1/users/user7", $$"""{ "max_connections": {{turn + 5}} }""", tag);
            var took = Stopwatch.GetElapsedTime(began);
            Assert.That(code, Is.EqualTo(200), body);
            Assert.That(it.Proxy.Service<LastGoodMonitor>().CurrentValue.Users.FindByName("user7")!.MaxConnections, Is.EqualTo(turn + 5));
            Print($"an edit among {Many + 2} users: in force after {took.TotalMilliseconds:F0} ms");
        }
    }

    [Test]
    public async Task Edits_AThousandAtOnce_LoseNoneAndLeaveAValidFile()
    {
        const int Count = 1000;
        await using var it = await ControlFixture.StartAsync();
        it.Http.Timeout = TimeSpan.FromMinutes(4);
        var began = Stopwatch.GetTimestamp();
        var codes = await Task.WhenAll(Enumerable.Range(0, Count).Select(async i =>
            (await it.SendAsync(HttpMethod.Post, "/api/v1/users", $$"""{ "name": "user{{i}}", "max_connections": {{i + 1}} }""")).Code));
        var took = Stopwatch.GetElapsedTime(began);

        Assert.That(codes, Is.All.EqualTo(201));
        var report = SettingsLoader.Load(it.Proxy.Path, ConfigurationOverrides.None);
        Assert.That(report.Errors, Is.Empty);
        Assert.That(
            Enumerable.Range(0, Count).Select(i => report.Settings!.Users.FindByName($"user{i}")?.MaxConnections), Is.EqualTo(Enumerable.Range(1, Count)));
        Assert.That(it.Proxy.Service<LastGoodMonitor>().CurrentValue.Users.Users, Has.Length.EqualTo(Count + 2));
        Print($"{Count} edits at once: {took.TotalSeconds:F1} s");
    }

    private static void AddMany(TomlText toml)
    {
        for (var i = 0; i < Many; i++)
        {
            toml[$"users.user{i}"] = Text(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(i.ToString("D16", CultureInfo.InvariantCulture))));
        }
    }

    private static void Print(FormattableString text) => TestContext.Progress.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
