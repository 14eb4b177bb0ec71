using System.Net;
using Telemt.Core.Middle;
using Telemt.Core.Status;
using Telemt.Tests.Fakes;
using Telemt.Worker;
using Telemt.Worker.Middle;
using Telemt.Worker.Selftest;
using Telemt.Worker.Selftest.Middle;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>The real host with an ad tag for everybody, a fake middle proxy for DC 2, another for DC -4, and their secret and list in files.</summary>
internal sealed class MiddleFixture : IAsyncDisposable
{
    public const string Tag = "0123456789abcdef0123456789abcdef";
    public const string OtherTag = "fedcba9876543210fedcba9876543210";

    private static readonly SystemRandomSource Random = new();

    private readonly TempFolder _files = new();
    private readonly List<FakeMiddleProxy> _middles = [];

    private MiddleFixture()
    {
    }

    public ProxyFixture Proxy { get; private set; } = null!;

    public MiddleSecret Secret { get; } = FakeMiddleProxy.NewSecret(Random);

    /// <summary>What is behind the middle proxies; the host's own data centres are another.</summary>
    public FakeTelegram Telegram => _telegram;

    public FakeMiddleProxy Middle { get; private set; } = null!;

    public FakeMiddleProxy Media { get; private set; } = null!;

    /// <summary>Set by tests in which a middle proxy is told nonsense.</summary>
    public bool FailuresAreMeant { get; set; }

    public string SecretFile => _files["proxy-secret"];

    public string ListFile => _files["proxy-config"];

    public MiddleStatus Status => Proxy.Service<MiddlePool>().Status;

    public static async Task<MiddleFixture> StartAsync(Action<TomlText>? edit = null, FakeMiddleOptions? options = null, int? loops = 1, short[]? dcs = null)
    {
        var fixture = new MiddleFixture();
        try
        {
            await fixture.BeginAsync(edit, options ?? new FakeMiddleOptions(), loops, dcs ?? [2, -4]);
            return fixture;
        }
        catch
        {
            await fixture.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more middle proxy; nobody knows it before a list names it.</summary>
    public FakeMiddleProxy NewMiddle(FakeMiddleOptions? options = null)
    {
        var middle = FakeMiddleProxy.Start(_telegram, Secret, options, new FollowingClock(this), Random);
        _middles.Add(middle);
        return middle;
    }

    public void WriteList(params (short Dc, IPEndPoint Address)[] entries) => _files.Write(
        "proxy-config", "default 2;\n" + string.Concat(entries.Select(entry => $"proxy_for {entry.Dc} {entry.Address};\n")));

    /// <summary>A client whose messages its middle proxy sends back.</summary>
    public async Task<ClientConnection> EchoingAsync(Form form, short dc = 2, string user = "tele", CancellationToken cancellation = default)
    {
        var client = await Proxy.ConnectAsync(form, dc, user, cancellation: cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Echo).ToMessage(), cancellation);
        await EchoAsync(client, Message(56, 1), cancellation);
        return client;
    }

    /// <summary>A client's message, as an encrypted one begins.</summary>
    public static byte[] Message(int size, int seed)
    {
        var message = new byte[size];
        new SeededRandom(seed).Fill(message);
        message[0] |= 1;
        return message;
    }

    public static async Task EchoAsync(ClientConnection client, byte[] message, CancellationToken cancellation = default)
    {
        await client.SendFrameAsync(message, cancellation);
        await ExpectAsync(client, message, cancellation);
    }

    /// <summary>The answer may have up to three words of padding behind it, which nobody without MTProto can tell from payload.</summary>
    public static async Task ExpectAsync(ClientConnection client, byte[] message, CancellationToken cancellation = default)
    {
        var answer = await client.ReceiveFrameAsync(cancellation);
        Assert.That(answer.Length, Is.InRange(message.Length, message.Length + 12), "length of the answer");
        Assert.That(answer.AsSpan(0, message.Length).SequenceEqual(message), "the same bytes");
    }

    /// <summary>Whether a client gets through to a middle proxy and back.</summary>
    public async Task<bool> ServesAsync(Form form, short dc = 2, string user = "tele", CancellationToken cancellation = default)
    {
        try
        {
            using var client = await EchoingAsync(form, dc, user, cancellation);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    /// <summary>What the next client of this kind says to its middle proxy.</summary>
    public async Task<FakeMiddleRequest> RequestAsync(
        Form form, short dc = 2, string user = "tele", FakeMiddleProxy? at = null, string domain = ProxyFixture.Domain, CancellationToken cancellation = default)
    {
        at ??= Middle;
        while (at.Requests.TryRead(out _))
        {
        }

        using var client = await Proxy.ConnectAsync(form, dc, user, domain: domain, cancellation: cancellation);
        await client.SendFrameAsync(Message(64, 9), cancellation);
        return await at.Requests.ReadAsync(cancellation);
    }

    public Task EditAsync(params (string Key, string? Value)[] edits) => Proxy.EditAsync(edits);

    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        foreach (var middle in _middles)
        {
            await middle.DisposeAsync();
            Assert.That(FailuresAreMeant || middle.Failed == 0, middle.LastFailure);
        }

        if (_telegram is not null)
        {
            await _telegram.DisposeAsync();
        }

        _files.Dispose();
    }

    private FakeTelegram _telegram = null!;

    private async Task BeginAsync(Action<TomlText>? edit, FakeMiddleOptions options, int? loops, short[] dcs)
    {
        _telegram = FakeTelegram.Start(null, TimeProvider.System, Random);
        Middle = NewMiddle(options with { Dc = dcs[0] });
        Media = NewMiddle(options with { Dc = dcs[1] });
        File.WriteAllBytes(SecretFile, Secret.Bytes.ToArray());
        WriteList((dcs[0], Middle.EndPoint), (dcs[1], Media.EndPoint));
        Proxy = await ProxyFixture.StartAsync(
            toml =>
            {
                toml.Set(
                    ("ad_tag", Text(Tag)),
                    ("limits.max_handshakes_per_ip", "0"),
                    ("middle_proxy.secret_file", Text(SecretFile)),
                    ("middle_proxy.config_file", Text(ListFile)));
                edit?.Invoke(toml);
            },
            loops);
        await Wait.UntilAsync(() => Status.Missing is null, "the secret and the list");
    }

    /// <summary>The host's clock, which there is only once the host has its middle proxies: a handshake compares the two.</summary>
    private sealed class FollowingClock(MiddleFixture fixture) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => (fixture.Proxy?.Clock ?? System).GetUtcNow();
    }
}
