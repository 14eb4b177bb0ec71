using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemt.Core.Wire;
using Telemt.Tests.EndToEnd;
using Telemt.Worker;
using Telemt.Worker.Selftest;

namespace Telemt.Tests.External;

/// <summary>The operator's page in a real browser (Debian's Chromium, driven by playwright-core, looked over by axe-core).</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(180_000)]
internal sealed class PageTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(SourceFile())!, "page");

    [Test]
    public async Task Page_InChromium_IsWholeAccessibleAndAddsAUserWhoseLinkWorks(CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Assert.Ignore("playwright-core is not installed: npm install --ignore-scripts --no-package-lock in Telemt.Tests/External/page");
        }

        Tool.Find("chromium");
        var node = Tool.Find("node");
        await using var it = await ControlFixture.StartAsync();
        using var client = await it.Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        var (code, output, error) = await node.RunAsync(cancellation, Path.Combine(Folder, "script.mjs"), it.Address, "/usr/bin/chromium");

        Assert.That(code, Is.Zero, error + output);
        var seen = JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(Texts(seen, "problems"), Is.Empty, "what the browser complains of");
            Assert.That(Texts(seen, "violations"), Is.Empty, "what people cannot read or reach");
            Assert.That(Texts(seen, "overflow"), Is.Empty, "wider than the screen");
            Assert.That(Texts(seen, "sections"), Has.Length.EqualTo(20));
            Assert.That(Texts(seen, "focus"), Is.All.EndsWith(" true"), "where the keyboard is");
            Assert.That(seen.GetProperty("sessions").GetString(), Does.Match(@"Sessions\s+1\b"));
            Assert.That(seen.GetProperty("routes").GetString(), Does.Contain("in use").And.Contain(it.Proxy.Telegram.EndPoint.ToString()));
            Assert.That(seen.GetProperty("strangers").GetString(), Does.Match(@"t13d\d+h2_[0-9a-f]{12}_[0-9a-f]{12}\s+1\b"));
            Assert.That(seen.GetProperty("clients").GetString(), Does.Match(@"Fake TLS\s+1\b").And.Contain("127.0.0.0/16"));
            Assert.That(seen.GetProperty("qr").GetInt32(), Is.Positive);
        });

        var link = seen.GetProperty("link").GetString()!;
        Assert.That(SecretText.TryParse(link.Split("secret=")[1], out var secret, out _), link);
        using var added = await ClientConnection.ConnectAsync(
            new IPEndPoint(IPAddress.Loopback, it.Proxy.Port),
            secret!,
            ProtocolTag.PaddedIntermediate,
            2,
            new SystemRandomSource(),
            it.Proxy.Clock,
            cancellation: cancellation);
        await added.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await it.Proxy.SessionsAsync(2);
    }

    private static string[] Texts(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
