using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker;
using Telemt.Worker.Selftest;
using Telemt.Worker.Selftest.Middle;

namespace Telemt.Tests.EndToEnd;

/// <summary>
/// A Telegram client that others wrote (mtcute, from npm) goes through the real host to the fake Telegram: its handshakes, its key
/// exchange and its calls, in every mode.
/// </summary>
[Category("External")]
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class RealClientTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(SourceFile())!, "..", "External", "mtcute");

    [OneTimeSetUp]
    public void NeedsTheClient()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Assert.Ignore("mtcute is not installed: npm install --ignore-scripts --no-package-lock in Telemt.Tests/External/mtcute");
        }

        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            node.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("there is no node on this host");
        }
    }

    [Test]
    public async Task Mtcute_ThroughTheHost_AgreesOnAKeyAndCalls(
        [Values] ClientMode mode,
        [Values] bool fastMode,
        [Values(2, 10_002)] int dc,
        CancellationToken cancellation)
    {
        var random = new SystemRandomSource();
        await using var telegram = FakeTelegram.Start(null, TimeProvider.System, random);
        await using var proxy = await LoopbackProxy.StartAsync(
            telegram.EndPoint, random, $"fast_mode = {(fastMode ? "true" : "false")}", cancellation);

        var result = await RunAsync(proxy.Link(mode).ToTg(), dc, telegram.PublicKeyPem, cancellation);

        Assert.That(telegram.Failed, Is.Zero, telegram.LastFailure);
        Assert.That(result.GetProperty("nearestDc").GetInt32(), Is.EqualTo(dc % 10_000));
        Assert.That(result.GetProperty("configDc").GetInt32(), Is.EqualTo(dc % 10_000));
        Assert.That(result.GetProperty("mediaDc").GetInt32(), Is.EqualTo(dc % 10_000));

        // A key that begins with a zero byte (one in 256) is a byte shorter in this client, which then doubts the DC and agrees on another.
        var unlucky = telegram.Keys.All.Count(key => key.Bytes[0] == 0);
        Assert.That(result.GetProperty("errors").GetArrayLength(), Is.EqualTo(unlucky), result.ToString());
        Assert.That(telegram.Keys.Count, Is.EqualTo(1 + unlucky));
        Assert.That(telegram.Messages, Is.GreaterThanOrEqualTo(3));

        var tag = mode == ClientMode.Classic ? ProtocolTag.Intermediate : ProtocolTag.PaddedIntermediate;
        var headers = new List<FakeHeader>();
        while (telegram.Headers.TryRead(out var header))
        {
            headers.Add(header);
        }

        Assert.That(headers.Select(header => (int)header.Dc).Distinct(), Is.EquivalentTo(new[] { dc, -dc }), "one connection is for media");
        Assert.That(headers.Select(header => header.Tag), Is.All.EqualTo(tag));
    }

    [Test]
    public async Task Mtcute_ByMiddleProxies_AgreesOnAKeyAndCallsUnderTheTag([Values] ClientMode mode, CancellationToken cancellation)
    {
        const short Dc = 2;
        await using var it = await MiddleFixture.StartAsync(loops: null, dcs: [Dc, -Dc]);

        var link = new ProxyLink("127.0.0.1", it.Proxy.Port, ClientSecret.For(ProxyFixture.KeyOf("tele"), mode, ProxyFixture.Domain)).ToTg();
        var result = await RunAsync(link, Dc, it.Telegram.PublicKeyPem, cancellation);

        Assert.That(result.GetProperty("nearestDc").GetInt32(), Is.EqualTo(Dc));
        Assert.That(result.GetProperty("mediaDc").GetInt32(), Is.EqualTo(Dc));
        var unlucky = it.Telegram.Keys.All.Count(key => key.Bytes[0] == 0);
        Assert.That(result.GetProperty("errors").GetArrayLength(), Is.EqualTo(unlucky), result.ToString());
        Assert.That(it.Telegram.Keys.Count, Is.EqualTo(1 + unlucky));
        Assert.That(it.Telegram.Messages, Is.GreaterThanOrEqualTo(3));
        Assert.That((it.Proxy.Telegram.Accepted, it.Status.Fallbacks), Is.EqualTo((0L, 0L)), "nothing went directly");

        var flags = mode == ClientMode.Classic ? 0x20021008u : 0x28021008u;
        foreach (var middle in new[] { it.Middle, it.Media })
        {
            var requests = new List<FakeMiddleRequest>();
            while (middle.Requests.TryRead(out var request))
            {
                requests.Add(request);
            }

            Assert.That(requests, Is.Not.Empty, $"data centre {middle.Options.Dc}");
            Assert.That(requests.Select(request => request.Tag), Is.All.EqualTo(MiddleFixture.Tag));
            Assert.That(requests.Select(request => request.Client.Address), Is.All.EqualTo(IPAddress.Loopback));
            Assert.That(requests.Select(request => request.Client.Port), Is.All.GreaterThan(1023));
            Assert.That(requests.Select(request => request.Flags & ~0x80000002u), Is.All.EqualTo(flags));
        }
    }

    private static async Task<JsonElement> RunAsync(string link, int dc, string key, CancellationToken cancellation)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, key, cancellation);
            var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
            foreach (var argument in new[] { "script.mjs", link, dc.ToString(CultureInfo.InvariantCulture), file })
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            try
            {
                var error = process.StandardError.ReadToEndAsync(cancellation);
                var output = await process.StandardOutput.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                Assert.That(process.ExitCode, Is.Zero, await error + output);
                return JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
