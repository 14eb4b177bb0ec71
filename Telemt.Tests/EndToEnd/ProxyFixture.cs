using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telemt.Core;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker;
using Telemt.Worker.Configuration;
using Telemt.Worker.Fronting;
using Telemt.Worker.Hosting;
using Telemt.Worker.Listening;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using Telemt.Worker.Telemetry;
using Telemt.Worker.Transport;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>
/// The real host on loopback with a telemt.toml of its own, a fake Telegram behind every DC, a site behind the mask, and a clock that
/// can be put forward. All modes are on; a stop does not wait for sessions.
/// </summary>
internal sealed class ProxyFixture : IAsyncDisposable
{
    public const string Domain = "www.example.com";
    public const string File = "telemt.toml";

    /// <summary>Events that say that we have a bug: a listener of edits, a session, a loop, an edit of the listeners, a reload failed.</summary>
    private static readonly int[] Faults = [1001, 1015, 1016, 2007, 2100, 3006];

    private readonly TempFolder _folder = new();
    private IHost _host = null!;
    private int? _loops;
    private IRandomSource? _random;
    private FakeListenerStore? _store;

    private ProxyFixture(FakeTelegramOptions? telegram)
    {
        Telegram = FakeTelegram.Start(telegram, Clock, Random);
        Toml.Set(
            ("port", Port.ToString()),
            ("public_ip", Text("203.0.113.7")),
            ("listeners", """[{ ip = "127.0.0.1" }]"""),
            ("tls_domain", Text(Domain)),
            ("modes.classic", "true"),
            ("modes.secure", "true"),
            ("mask_host", Text("127.0.0.1")),
            ("mask_port", Site.Port.ToString()),

            // The site of most tests counts who comes; nobody is to come but strangers.
            ("fronting.profile", Text("default")),
            ("users.tele", Text(SecretOf("tele"))),
            ("users.hello", Text(SecretOf("hello"))),
            ("timeouts.drain", "0"),

            // Its address is one for the whole host.
            ("control.enabled", "false"));
        foreach (var dc in (int[])[1, 2, 3, 4, 5, 203, 10001, 10002, 10003])
        {
            Toml[$"dc_overrides.{dc}"] = Text(Telegram.EndPoint);
        }
    }

    public int Port { get; } = Ports.Free();

    public TomlText Toml { get; } = new();

    public string Path => _folder[File];

    public TestClock Clock { get; } = new();

    public TestLog Log { get; } = new();

    public MaskSite Site { get; } = new();

    public FakeTelegram Telegram { get; }

    /// <summary>What the host writes for the operator to read: links.</summary>
    public StringWriter Output { get; } = new();

    /// <summary>Set by tests that make us fail: else a fault in the log fails the test at its end.</summary>
    public bool FaultsAreMeant { get; set; }

    public IHost Host => _host;

    public SessionRegistry Sessions => Service<SessionRegistry>();

    public IReadOnlyList<EventLoop> Loops => Service<LoopGroup>().Loops;

    /// <summary>Bytes that all loops hold for full sinks.</summary>
    public long Held => Loops.Sum(loop => loop.Buffers.Held);

    private static IRandomSource Random { get; } = new SystemRandomSource();

    /// <summary>The key of any user: hex digits made of his name.</summary>
    public static string SecretOf(string user)
    {
        var bytes = new byte[Secret.Size];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(user[i % user.Length] + i);
        }

        return Convert.ToHexStringLower(bytes);
    }

    public static Secret KeyOf(string user) => new(Convert.FromHexString(SecretOf(user)));

    /// <summary>One more Telegram, for a test that tells addresses apart.</summary>
    public static FakeTelegram NewTelegram(IPAddress? address = null, int port = 0) => FakeTelegram.Start(
        new FakeTelegramOptions { EndPoint = new IPEndPoint(address ?? IPAddress.Loopback, port) }, TimeProvider.System, Random);

    /// <param name="edit">Changes the settings above.</param>
    /// <param name="loops">Event loops; else as many as cores. One makes shares of limits exact.</param>
    /// <param name="random">Where the host's randomness comes from.</param>
    /// <param name="store">Keeps the listening sockets from one host to the next.</param>
    public static async Task<ProxyFixture> StartAsync(
        Action<TomlText>? edit = null,
        int? loops = null,
        IRandomSource? random = null,
        FakeTelegramOptions? telegram = null,
        FakeListenerStore? store = null)
    {
        var proxy = new ProxyFixture(telegram) { _random = random, _store = store };
        try
        {
            edit?.Invoke(proxy.Toml);
            await proxy.StartHostAsync(loops);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>A host by the file as <see cref="Toml"/> has it: the first, or the next after <see cref="StopHostAsync"/>.</summary>
    public async Task StartHostAsync(int? loops = null)
    {
        _loops = loops ?? _loops;
        _folder.Write(File, Toml.ToString());
        _store?.Pass();
        _host?.Dispose();
        _host = TelemtHost.Build(Path, ConfigurationOverrides.None, Output, Replace);
        await _host.StartAsync();
    }

    public Task StopHostAsync() => _host.StopAsync();

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Connects a client to the proxy; in fake TLS the handshake is done when it returns.</summary>
    public Task<ClientConnection> ConnectAsync(
        Form form,
        short dc = 2,
        string user = "tele",
        int? port = null,
        string domain = Domain,
        EndPoint? at = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) => ClientConnection.ConnectAsync(
            at ?? new IPEndPoint(IPAddress.Loopback, port ?? Port),
            ClientSecret.For(KeyOf(user), form.Mode, domain),
            form.Tag,
            dc,
            Random,
            clock ?? Clock,
            cancellation: cancellation);

    /// <summary>Writes the file and asks for a reload, as SIGHUP does. Returns when the edit is in force on every loop.</summary>
    public async Task EditAsync(params (string Key, string? Value)[] edits)
    {
        var before = Service<LastGoodMonitor>().Revision;
        Toml.Set(edits);
        Write(Toml.ToString());
        await FollowedAsync(before + 1);
    }

    /// <summary>Writes the file and asks for a reload; the caller knows what is to come of it.</summary>
    public void Write(string text)
    {
        _folder.Write(File, text);
        Service<ConfigurationReloadService>().RequestReload();
    }

    /// <summary>Waits until settings of this revision, or later ones, are in force on every loop.</summary>
    public Task FollowedAsync(long revision) => Wait.UntilAsync(
        () => Sessions.PerLoop.All(loop => loop.Settings.Revision >= revision), $"revision {revision} on every loop");

    /// <summary>Puts the clock forward and lets every loop see it.</summary>
    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        foreach (var loop in Loops)
        {
            loop.Post(static _ => { }, null);
        }
    }

    public Task SessionsAsync(int count) => Wait.UntilAsync(
        () => Sessions.CountOf(SessionStage.Client) == count, $"{count} sessions; there are {Sessions.CountOf(SessionStage.Client)}");

    public Task EndedAsync(SessionEnd cause, int count = 1) => Wait.UntilAsync(
        () => Sessions.CountOf(cause) >= count, $"{count} sessions ended by {cause}");

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        await Telegram.DisposeAsync();
        Site.Dispose();
        _folder.Dispose();
        if (!FaultsAreMeant)
        {
            Assert.That(Log.Lines.Where(line => Faults.Contains(line.Id)), Is.Empty, "bugs of ours");
            Assert.That(Telegram.Failed, Is.Zero, Telegram.LastFailure);
        }
    }

    private void Replace(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(new ProbePace(4, 4, TimeSpan.Zero));
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<TelemetryLogs>());
        if (_random is not null)
        {
            services.AddSingleton(_random);
        }

        if (_store is not null)
        {
            services.AddSingleton<IListenerStore>(_store);
        }

        if (_loops is { } count)
        {
            services.AddSingleton(provider => new LoopGroup(count, Clock, provider.GetRequiredService<ILogger<LoopGroup>>()));
        }
    }
}
