using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemt.Core.Status;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;
using Telemt.Worker;
using Telemt.Worker.Control;
using Telemt.Worker.Selftest;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.External;

/// <summary>The page in a real browser, Debian's Chromium, driven and judged by packages from npm.</summary>
[Category("External")]
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class PageLossTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(SourceFile())!, "page");

    [Test]
    public async Task Page_ThatLosesTheProxy_SaysSoAndComesBack(CancellationToken cancellation)
    {
        _ = Tool.Find("chromium");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Assert.Ignore("playwright-core is not installed: npm install --ignore-scripts --no-package-lock in Telemt.Tests/External/page");
        }

        var port = Ports.Free();
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(("control.enabled", "true"), ("control.listen", Text($"127.0.0.1:{port}"))));
        await Wait.UntilAsync(() => proxy.Service<ControlService>().Open is not null, "the page to open");
        using var browser = Start($"http://127.0.0.1:{port}/");
        try
        {
            var errors = browser.StandardError.ReadToEndAsync(cancellation);
            await ReadUntilAsync(browser, "ready", errors, cancellation);
            using var session = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
            await browser.StandardInput.WriteLineAsync();

            await ReadUntilAsync(browser, "lose", errors, cancellation);
            var file = await File.ReadAllTextAsync(proxy.Path, cancellation);
            proxy.Write(file.Replace("control.enabled = true", "control.enabled = false"));
            await Wait.UntilAsync(() => proxy.Service<ControlService>().Open is null, "the page to close");
            await browser.StandardInput.WriteLineAsync();
            await ReadUntilAsync(browser, "back", errors, cancellation);
            proxy.Write(file);
            await browser.StandardInput.WriteLineAsync();

            var seen = JsonDocument.Parse(await ReadUntilAsync(browser, "{", errors, cancellation)).RootElement;
            Assert.That(seen.GetProperty("errors").ToString(), Is.EqualTo("[]"), "the browser's console");
            Assert.That(seen.GetProperty("axe").ToString(), Is.EqualTo("[]"), "keyboard, contrast, names");
            Assert.That(seen.GetProperty("sessions").GetString(), Is.EqualTo("1"));
            Assert.That(seen.GetProperty("focus").GetString(), Is.EqualTo("in the dialog"));
            Assert.That(seen.GetProperty("back").GetBoolean());

            Assert.That(ProxyLink.TryParse(seen.GetProperty("link").GetString()!, out var link, out var problem), problem);
            using var client = await ClientConnection.ConnectAsync(
                new IPEndPoint(IPAddress.Loopback, proxy.Port), link!.Secret, Form.Tls.Tag, 2, new SystemRandomSource(), proxy.Clock, cancellation: cancellation);
            await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
            await client.EchoAsync(1000, cancellation: cancellation);
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string url)
    {
        var start = new ProcessStartInfo("node", ["operator.mjs", url])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        return Process.Start(start)!;
    }

    private static async Task<string> ReadUntilAsync(Process browser, string start, Task<string> errors, CancellationToken cancellation)
    {
        while (await browser.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }

        Assert.Fail("the browser ended: " + await errors);
        return "";
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
