using System.Net;
using Telemt.Bench.Load.Targets;
using Telemt.Core.Wire;
using Telemt.Worker;
using Telemt.Worker.Selftest;
using Telemt.Worker.Selftest.Middle;

namespace Telemt.Bench.Middle;

/// <summary>A running telemt, and the fake Telegram that it goes to: directly, or by middle proxies.</summary>
internal sealed class MiddleStage : IAsyncDisposable
{
    private readonly SystemRandomSource _random = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("telemt-bench-middle-");
    private readonly FakeTelegram _telegram;

    private MiddleStage(string executable, int middles)
    {
        _telegram = FakeTelegram.Start(null, TimeProvider.System, _random);
        var secret = FakeMiddleProxy.NewSecret(_random);
        Middles = [.. Enumerable.Range(0, middles).Select(_ => FakeMiddleProxy.Start(_telegram, secret, null, TimeProvider.System, _random))];
        string? secretFile = null, listFile = null;
        if (middles > 0)
        {
            (secretFile, listFile) = (Path.Combine(_folder.FullName, "secret"), Path.Combine(_folder.FullName, "list"));
            File.WriteAllBytes(secretFile, secret.Bytes.ToArray());
            File.WriteAllText(listFile, "default 2;\n" + string.Concat(Middles.Select(middle => $"proxy_for 2 {middle.EndPoint};\n")));
        }

        Target = RunningTarget.Start(new MiddleTarget(executable, secretFile, listFile), _telegram.EndPoint.Port, threads: 1);
    }

    public RunningTarget Target { get; }

    public FakeMiddleProxy[] Middles { get; }

    public bool IsDirect => Middles.Length == 0;

    /// <param name="middles">0 for the direct route.</param>
    public static MiddleStage Start(string executable, int middles) => new(executable, middles);

    public Task<ClientConnection> ConnectAsync(CancellationToken cancellation) => ClientConnection.ConnectAsync(
        new IPEndPoint(IPAddress.Loopback, Target.Port),
        ClientSecret.For(TelemtTarget.Key, ClientMode.Tls, TelemtTarget.Domain),
        ProtocolTag.PaddedIntermediate,
        2,
        _random,
        TimeProvider.System,
        cancellation: cancellation);

    /// <summary>A client, and what its data centre is to do.</summary>
    public async Task<ClientConnection> AskAsync(FakeMode mode, long argument, CancellationToken cancellation)
    {
        var client = await ConnectAsync(cancellation);
        var command = new FakeCommand(mode, argument);
        await client.SendFrameAsync(IsDirect ? command.ToPayload() : command.ToMessage(), cancellation);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Target.Dispose();
        foreach (var middle in Middles)
        {
            await middle.DisposeAsync();
        }

        await _telegram.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
