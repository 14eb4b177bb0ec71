using System.Net;
using System.Net.Sockets;
using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Worker.Hosting;

/// <summary>A classic client of a <see cref="RunningTelemt"/> and the DC behind it, both held by the test.</summary>
internal sealed class OneSession : IDisposable
{
    private const int Payload = 32;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ProxyClient _handshake = new(
        ClientSecret.Classic(new Secret(Convert.FromHexString("00112233445566778899aabbccddeeff"))),
        ProtocolTag.Intermediate,
        2,
        new SeededRandom(1),
        TimeProvider.System);

    private Socket? _dc;

    public OneSession()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>For the configuration: classic clients, and every DC is ours.</summary>
    public string Configuration => $"[modes]\nclassic = true\n[dc_overrides]\n2 = \"{_listener.LocalEndPoint}\"\n";

    /// <summary>Goes through the proxy to the DC.</summary>
    public async Task OpenAsync(int port)
    {
        await _client.ConnectAsync(IPAddress.Loopback, port);
        await SendAsync();
        _dc = await _listener.AcceptAsync().WaitAsync(Bound);
        await ReceiveAsync(64 + Payload);
    }

    /// <summary>Sends a little more and sees it arrive.</summary>
    public async Task PassAsync()
    {
        await SendAsync();
        await ReceiveAsync(Payload);
    }

    /// <summary>True when the proxy has ended the client's connection.</summary>
    public async Task<bool> IsEndedAsync()
    {
        try
        {
            return await _client.ReceiveAsync(new byte[1]).WaitAsync(Bound) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Close()
    {
        _client.Dispose();
        _dc?.Dispose();
    }

    public void Dispose()
    {
        Close();
        _listener.Dispose();
    }

    /// <summary>The header goes with the first of it.</summary>
    private async Task SendAsync()
    {
        var wire = new byte[ClientStream.MaxSealedSize(Payload)];
        var length = _handshake.Stream.Seal(new byte[Payload], wire);
        await _client.SendAsync(wire.AsMemory(0, length));
    }

    private async Task ReceiveAsync(int count)
    {
        var buffer = new byte[256];
        for (var got = 0; got < count;)
        {
            var length = await _dc!.ReceiveAsync(buffer).WaitAsync(Bound);
            Assert.That(length, Is.Positive, "the DC lost the session");
            got += length;
        }
    }
}
