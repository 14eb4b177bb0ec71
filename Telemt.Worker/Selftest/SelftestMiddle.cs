using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Client;
using Telemt.Worker.Selftest.Middle;

namespace Telemt.Worker.Selftest;

/// <summary>
/// The route of ad tags on loopback: a fake middle proxy for a data centre and one for its media, a proxy that has a tag for each, and
/// checks of what arrives there.
/// </summary>
internal sealed class SelftestMiddle : IAsyncDisposable
{
    private const string Tag = "c0ffee00c0ffee00c0ffee00c0ffee00";
    private const string MediaTag = "deadbeefdeadbeefdeadbeefdeadbeef";
    private const int EchoSize = 300_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IRandomSource _random;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("telemt-selftest-middle-");
    private readonly List<FakeMiddleProxy> _middles = [];
    private LoopbackProxy _proxy = null!;

    private SelftestMiddle(IRandomSource random) => _random = random;

    /// <summary>Serves when it returns.</summary>
    public static async Task<SelftestMiddle> StartAsync(FakeTelegram telegram, short dc, short media, IRandomSource random, CancellationToken cancellation)
    {
        var it = new SelftestMiddle(random);
        try
        {
            await it.BeginAsync(telegram, dc, media, cancellation);
            return it;
        }
        catch
        {
            await it.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first question of a key exchange, a message there and back, a quick acknowledgement; and who, by which tag, was named.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public async Task<string?> CheckAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var middle = _middles.Single(middle => middle.Options.Dc == dc);
            while (middle.Requests.TryRead(out _))
            {
                // Of the checks before.
            }

            using var client = await ClientConnection.ConnectAsync(
                _proxy.EndPoint, _proxy.ClientSecret(way.Mode), way.Tag, dc, _random, TimeProvider.System, cancellation: limit.Token);
            return await CheckQuestionAsync(client, limit.Token)
                ?? Compare(await middle.Requests.ReadAsync(limit.Token), dc, (IPEndPoint)client.Socket.LocalEndPoint!)
                ?? await CheckEchoAsync(way, dc, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
        {
            return _middles.FirstOrDefault(middle => middle.Failed > 0)?.LastFailure ?? e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"not done within {Limit.TotalSeconds} s";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        foreach (var middle in _middles)
        {
            await middle.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task BeginAsync(FakeTelegram telegram, short dc, short media, CancellationToken cancellation)
    {
        var secret = FakeMiddleProxy.NewSecret(_random);
        foreach (var which in new[] { dc, media })
        {
            _middles.Add(FakeMiddleProxy.Start(telegram, secret, new FakeMiddleOptions { Dc = which }, TimeProvider.System, _random));
        }

        var (secretFile, listFile) = (Path.Combine(_folder.FullName, "secret"), Path.Combine(_folder.FullName, "list"));
        await File.WriteAllBytesAsync(secretFile, secret.Bytes.ToArray(), cancellation);
        await File.WriteAllTextAsync(
            listFile, $"default {dc};\n" + string.Concat(_middles.Select(middle => $"proxy_for {middle.Options.Dc} {middle.EndPoint};\n")), cancellation);
        _proxy = await LoopbackProxy.StartAsync(
            telegram.EndPoint,
            _random,
            $"""
            ad_tag = "{Tag}"
            middle_proxy.secret_file = '{secretFile}'
            middle_proxy.config_file = '{listFile}'
            middle_proxy.fallback_direct = false
            policies = [{"{"} dcs = [{media}], ad_tag = "{MediaTag}" {"}"}]
            """,
            cancellation);
    }

    private async Task<string?> CheckQuestionAsync(ClientConnection client, CancellationToken cancellation)
    {
        var (nonce, message) = (new byte[ReqPq.NonceSize], new byte[ReqPq.RequestSize]);
        _random.Fill(nonce);
        ReqPq.WriteRequest(nonce, TimeProvider.System, message);
        await client.SendFrameAsync(message, cancellation);
        var answer = ReqPq.ReadAnswer(await client.ReceiveFrameAsync(cancellation), nonce, out _);
        return answer == ReqPqAnswer.Ok ? null : $"the answer to req_pq_multi was {answer}";
    }

    private static string? Compare(FakeMiddleRequest request, short dc, IPEndPoint client)
    {
        var tag = dc < 0 ? MediaTag : Tag;
        return request.Tag != tag ? $"tag {request.Tag} arrived where {tag} should"
            : !request.Client.Equals(client) ? $"the client was named as {request.Client}, it is {client}"
            : null;
    }

    private async Task<string?> CheckEchoAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        using var client = await ClientConnection.ConnectAsync(
            _proxy.EndPoint, _proxy.ClientSecret(way.Mode), way.Tag, dc, _random, TimeProvider.System, cancellation: cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Echo).ToMessage(), cancellation);
        var message = new byte[EchoSize];
        BytePattern.Fill(message, 1);
        await client.SendFrameAsync(message, quickAck: true, cancellation);
        if (!(await client.ReceiveFrameAsync(cancellation)).AsSpan().SequenceEqual(FakeMiddleClient.TokenOf(message)))
        {
            return "the quick acknowledgement is another";
        }

        var answer = await client.ReceiveFrameAsync(cancellation);
        return answer.AsSpan().StartsWith(message) ? null : "a message came back as another";
    }
}
