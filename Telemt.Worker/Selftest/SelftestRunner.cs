using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Client;

namespace Telemt.Worker.Selftest;

/// <summary>Single checks of the way client, proxy, fake Telegram, and back. Each uses connections of its own.</summary>
internal sealed class SelftestRunner(LoopbackProxy proxy, FakeTelegram telegram, IRandomSource random, TimeProvider clock)
{
    private const int EchoSize = 2 << 20;
    private const int LargestWrite = 40_000;

    /// <summary>For a check that cannot go on: far above what any host takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The question that a DC answers to everybody, then 2 MiB each way at once in writes of random size, compared byte for byte,
    /// then the end in order; and the index that Telegram saw.
    /// </summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public async Task<string?> CheckAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            while (telegram.Headers.TryRead(out _))
            {
                // Of the checks before.
            }

            return await CheckAnswerAsync(way, dc, limit.Token) ?? await CheckEchoAsync(way, dc, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"not done within {Limit.TotalSeconds} s";
        }
    }

    /// <summary>One short session: connect, shake hands, one question, its answer, close.</summary>
    /// <exception cref="InvalidDataException">The answer was another.</exception>
    public async Task SessionAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(way, dc, cancellation);
        var (nonce, message) = (new byte[ReqPq.NonceSize], new byte[ReqPq.RequestSize]);
        random.Fill(nonce);
        ReqPq.WriteRequest(nonce, clock, message);
        await client.SendFrameAsync(message, cancellation);
        var answer = ReqPq.ReadAnswer(await client.ReceiveFrameAsync(cancellation), nonce, out _);
        if (answer != ReqPqAnswer.Ok)
        {
            throw new InvalidDataException($"the answer to req_pq_multi was {answer}");
        }
    }

    /// <summary>Downloads so many bytes over one connection and compares them.</summary>
    /// <exception cref="InvalidDataException">A byte was another.</exception>
    public async Task DownloadAsync(SelftestWay way, long size, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(way, 2, cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Source, size).ToPayload(), cancellation);
        await CompareAsync(client, size, cancellation);
    }

    /// <summary>Uploads so many bytes over one connection and asks how many came.</summary>
    /// <exception cref="InvalidDataException">It was another number.</exception>
    public async Task UploadAsync(SelftestWay way, long size, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(way, 2, cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Sink, Argument: 1).ToPayload(), cancellation);
        var chunk = new byte[128 * 1024];
        for (var sent = 0L; sent < size; sent += chunk.Length)
        {
            await client.SendAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, size - sent)), cancellation);
        }

        client.EndSending();
        var count = BitConverter.ToInt64(await client.ReceiveExactlyAsync(40, cancellation));
        if (count != size)
        {
            throw new InvalidDataException($"{count} of {size} bytes came");
        }
    }

    private async Task<string?> CheckAnswerAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        await SessionAsync(way, dc, cancellation);
        var header = await telegram.Headers.ReadAsync(cancellation);
        return (header.Dc, header.Tag) == (dc, way.Tag) ? null : $"Telegram saw data centre {header.Dc} and framing {header.Tag}";
    }

    private async Task<string?> CheckEchoAsync(SelftestWay way, short dc, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(way, dc, cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Echo).ToPayload(), cancellation);
        var receiving = CompareAsync(client, EchoSize, cancellation);
        await SendPatternAsync(client, cancellation);
        client.EndSending();
        await receiving;
        return await client.ReceiveAsync(new byte[1], cancellation) == 0 ? null : "something came behind the end";
    }

    private async Task SendPatternAsync(ClientConnection client, CancellationToken cancellation)
    {
        var chunk = new byte[LargestWrite];
        var drawn = new byte[2];
        for (var sent = 0; sent < EchoSize;)
        {
            random.Fill(drawn);
            var size = Math.Min(EchoSize - sent, 1 + (BitConverter.ToUInt16(drawn) % LargestWrite));
            BytePattern.Fill(chunk.AsSpan(0, size), sent);
            await client.SendAsync(chunk.AsMemory(0, size), cancellation);
            sent += size;
        }
    }

    private static async Task CompareAsync(ClientConnection client, long size, CancellationToken cancellation)
    {
        var buffer = new byte[256 * 1024];
        for (var at = 0L; at < size;)
        {
            var length = await client.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, size - at)), cancellation);
            var different = BytePattern.FindDifference(buffer.AsSpan(0, length), at);
            if (length == 0 || different >= 0)
            {
                throw new InvalidDataException(length == 0 ? $"the stream ended after {at} of {size} bytes" : $"byte {different} is another");
            }

            at += length;
        }
    }

    private Task<ClientConnection> ConnectAsync(SelftestWay way, short dc, CancellationToken cancellation) => ClientConnection.ConnectAsync(
        proxy.EndPoint, proxy.ClientSecret(way.Mode), way.Tag, dc, random, clock, cancellation: cancellation);
}
