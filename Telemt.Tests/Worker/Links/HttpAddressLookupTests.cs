using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class HttpAddressLookupTests
{
    private readonly HttpAddressLookup _lookup = new(NullLogger<HttpAddressLookup>.Instance);

    [TestCase("8.8.4.4", "8.8.4.4")]
    [TestCase("  8.8.4.4\n", "8.8.4.4")]
    [TestCase("2a00:1450::1", "2a00:1450::1")]
    [TestCase("::ffff:8.8.4.4", "8.8.4.4")]
    public async Task Find_OfAnAnswer_IsItsAddress(string body, string address)
    {
        using var site = new FakeLookupSite(body);

        Assert.That(await _lookup.FindAsync(site.Url, CancellationToken.None), Is.EqualTo(IPAddress.Parse(address)));
    }

    [TestCase("")]
    [TestCase("192.168.1.5")]
    [TestCase("<html>8.8.4.4</html>")]
    public async Task Find_OfSomethingElse_IsNothing(string body)
    {
        using var site = new FakeLookupSite(body);

        Assert.That(await _lookup.FindAsync(site.Url, CancellationToken.None), Is.Null);
        Assert.That(site.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Find_OfAFailure_IsNothing()
    {
        using var site = new FakeLookupSite("8.8.4.4", "503 Busy");

        Assert.That(await _lookup.FindAsync(site.Url, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Find_OfAnEndlessAnswer_IsNothing()
    {
        using var site = new FakeLookupSite("8.8.4.4" + new string(' ', 100_000));

        Assert.That(await _lookup.FindAsync(site.Url, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Find_OfAClosedPort_IsNothing()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = new Uri($"http://{socket.LocalEndPoint}/");

        Assert.That(await _lookup.FindAsync(url, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Find_AfterTheStop_Ends()
    {
        using var site = new FakeLookupSite("8.8.4.4");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.That(async () => await _lookup.FindAsync(site.Url, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
