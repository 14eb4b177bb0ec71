using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Crypto;

namespace Telemt.Worker.Selftest;

/// <summary>The modes that try the bytes of a relay: each runs to the connection's end.</summary>
/// <param name="input">Decrypts what comes, from here on.</param>
/// <param name="output">Encrypts what goes.</param>
/// <param name="reset">Ends the connection with RST.</param>
/// <param name="ended">Done once the connection is.</param>
internal sealed class FakeModes(Socket socket, AesCtr input, AesCtr output, Action reset, Task ended)
{
    private const int BufferSize = 128 * 1024;

    /// <param name="first">What came behind the command, decrypted.</param>
    public async Task RunAsync(FakeCommand command, byte[] first)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await RunModeAsync(command, buffer, first);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task RunModeAsync(FakeCommand command, byte[] buffer, byte[] first) => command.Mode switch
    {
        FakeMode.Mtproto => Task.CompletedTask,
        FakeMode.Echo => EchoAsync(buffer, first),
        FakeMode.Sink => SinkAsync(buffer, first, hashed: command.Argument == 0),
        FakeMode.Source => SourceAsync(buffer, command.Argument, andEnd: false),
        FakeMode.SourceAndEnd => SourceAsync(buffer, command.Argument, andEnd: true),
        FakeMode.Mute => DrainAsync(buffer, long.MaxValue),
        FakeMode.Stall => ended,
        FakeMode.Close => DrainAsync(buffer, command.Argument - first.Length),
        FakeMode.Reset => ResetAfterAsync(buffer, command.Argument - first.Length),
        _ => throw new InvalidDataException($"no mode {command.Mode}"),
    };

    private async Task EchoAsync(byte[] buffer, byte[] first)
    {
        output.Transform(first);
        await SendAsync(first);
        while (await socket.ReceiveAsync(buffer.AsMemory(0, BufferSize)) is var received and > 0)
        {
            input.Transform(buffer.AsSpan(0, received));
            output.Transform(buffer.AsSpan(0, received));
            await SendAsync(buffer.AsMemory(0, received));
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task SinkAsync(byte[] buffer, byte[] first, bool hashed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(first);
        var count = (long)first.Length;
        while (await socket.ReceiveAsync(buffer.AsMemory(0, BufferSize)) is var received and > 0)
        {
            count += received;
            if (hashed)
            {
                input.Transform(buffer.AsSpan(0, received));
                hash.AppendData(buffer.AsSpan(0, received));
            }
        }

        var report = new byte[8 + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(report, count);
        if (hashed)
        {
            hash.GetHashAndReset(report.AsSpan(8));
        }

        output.Transform(report);
        await SendAsync(report);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task SourceAsync(byte[] buffer, long length, bool andEnd)
    {
        for (var at = 0L; at < length;)
        {
            var size = (int)Math.Min(BufferSize, length - at);
            BytePattern.Fill(buffer.AsSpan(0, size), at);
            output.Transform(buffer.AsSpan(0, size));
            await SendAsync(buffer.AsMemory(0, size));
            at += size;
        }

        if (andEnd)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        await DrainAsync(buffer, long.MaxValue);
    }

    private async Task DrainAsync(byte[] buffer, long count)
    {
        while (count > 0)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(0, BufferSize));
            count -= received == 0 ? count : received;
        }
    }

    private async Task ResetAfterAsync(byte[] buffer, long count)
    {
        await DrainAsync(buffer, count);
        reset();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }
}
