using System.Buffers;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Worker.Selftest;

/// <summary>One connection to the fake Telegram: header, first frame, then what its mode says.</summary>
internal sealed class FakeConnection(FakeTelegram telegram, Socket socket, IRandomSource random) : IDisposable
{
    private const int MessageBufferSize = 16 * 1024;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AesCtr _in = null!;
    private AesCtr _out = null!;
    private Framing _framing = null!;
    private FrameReader _reader = null!;
    private FakeHeader _header = null!;

    public void Dispose()
    {
        _ended.TrySetResult();
        socket.Dispose();
    }

    /// <summary>Ends the connection with RST, from any thread.</summary>
    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone.
        }

        Dispose();
    }

    public async Task RunAsync()
    {
        if (await ReadHeaderAsync() is not { } command)
        {
            return;
        }

        byte[] first = [];
        if (command.Mode == FakeMode.Mtproto)
        {
            (command, first) = await SpeakMtprotoAsync();
        }

        await new FakeModes(socket, _in, _out, Reset, _ended.Task).RunAsync(command, first);
    }

    /// <returns>What the test's own rule says for this header (else Mtproto, where the first frame decides); null when it ended.</returns>
    private async Task<FakeCommand?> ReadHeaderAsync()
    {
        var header = new byte[ObfuscatedHeader.Size];
        for (var read = 0; read < header.Length;)
        {
            var count = await socket.ReceiveAsync(header.AsMemory(read));
            if (count == 0)
            {
                return null;
            }

            read += count;
        }

        var plain = new byte[ObfuscatedHeader.Size];
        var (key, iv) = (new byte[AesCtr.KeySize], new byte[AesCtr.IvSize]);
        HandshakeKeys.ClientToServer(header, null, key, iv);
        _in = new AesCtr(key, iv);
        _in.Transform(header, plain);
        HandshakeKeys.ServerToClient(header, null, key, iv);
        _out = new AesCtr(key, iv);
        if (ObfuscatedHeader.IsForbidden(header))
        {
            throw new InvalidDataException("the header starts with bytes that a DC takes for something else");
        }

        if (!ObfuscatedHeader.TryReadPlain(plain, out var tag, out var dc))
        {
            throw new InvalidDataException("the header names no framing");
        }

        _framing = Framing.For(tag);
        _reader = new FrameReader(_framing, FrameSource.Client);
        _header = new FakeHeader(tag, dc, header);
        return telegram.Saw(_header) ?? new FakeCommand(FakeMode.Mtproto);
    }

    /// <returns>A command in the first frame, and the bytes behind it, decrypted; Mtproto once the client has ended.</returns>
    private async Task<(FakeCommand Command, byte[] Behind)> SpeakMtprotoAsync()
    {
        Mtproto.MtprotoServer? server = null;
        while (true)
        {
            // Wait without a buffer: thousands of idle sessions sit here in a load test.
            await socket.ReceiveAsync(Memory<byte>.Empty);
            var buffer = ArrayPool<byte>.Shared.Rent(MessageBufferSize);
            try
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory());
                if (received == 0)
                {
                    return (new FakeCommand(FakeMode.Mtproto), []);
                }

                _in.Transform(buffer.AsSpan(0, received));
                for (var used = 0; TryTakeFrame(buffer, ref used, received);)
                {
                    if (server is null && FakeCommand.TryRead(_reader.Payload, out var command))
                    {
                        return (command.Value, buffer[used..received]);
                    }

                    server ??= telegram.CreateMtproto(_header.Dc);
                    var before = server.Messages;
                    var answer = Frame(server.Receive(_reader.Payload));
                    telegram.CountMessages(server.Messages - before);
                    await SendAsync(answer);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private bool TryTakeFrame(byte[] buffer, ref int used, int received)
    {
        ReadOnlySpan<byte> input = buffer.AsSpan(used, received - used);
        var step = _reader.Step(ref input);
        used = received - input.Length;
        return step == FrameStep.Invalid ? throw new InvalidDataException("not a frame of this framing") : step == FrameStep.Frame;
    }

    private byte[] Frame(IReadOnlyList<byte[]> messages)
    {
        var frames = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
        {
            frames.Advance(_framing.Write(message, quickAck: false, random, frames.GetSpan(message.Length + Framing.MaxOverhead)));
        }

        var bytes = frames.WrittenSpan.ToArray();
        _out.Transform(bytes);
        return bytes;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
