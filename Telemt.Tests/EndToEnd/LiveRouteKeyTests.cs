using System.Net;
using System.Net.Sockets;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of the way to Telegram.</summary>
internal sealed class LiveRouteKeyTests : LiveTests
{
    [Test]
    [LiveKey("dc_overrides.*")]
    public async Task DcOverride_Changed_NewClientsGoThereAndRunningOnesStay(CancellationToken cancellation)
    {
        await using var other = ProxyFixture.NewTelegram();
        using var running = await Proxy.EchoingAsync(Form.Tls, 4, cancellation: cancellation);

        await Proxy.EditAsync(("dc_overrides.4", Text(other.EndPoint)));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 4, cancellation: cancellation));
        Assert.That(await Proxy.ServesAsync(Form.Tls, -4, cancellation: cancellation));
        Assert.That(other.Accepted, Is.EqualTo(2), "a DC's override covers its media");

        await Proxy.EditAsync(("dc_overrides.-4", Text(Proxy.Telegram.EndPoint)));
        Assert.That(await Proxy.ServesAsync(Form.Tls, -4, cancellation: cancellation));
        Assert.That(other.Accepted, Is.EqualTo(2), "unless the media has its own");
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("default_dc")]
    public async Task DefaultDc_Changed_UnknownIndicesGoThere(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("default_dc", "5"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 99, cancellation: cancellation));
        Assert.That((await Proxy.Telegram.Headers.ReadAsync(cancellation)).Dc, Is.EqualTo(5));

        await Proxy.EditAsync(("default_dc", "0"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 99, cancellation: cancellation), Is.False);
    }

    [Test]
    [LiveKey("prefer_ipv6")]
    public async Task PreferIpv6_SwitchedOn_Ipv6IsTriedFirstAndIpv4StaysTheFallback(CancellationToken cancellation)
    {
        Assume.That(Socket.OSSupportsIPv6);
        await using var v6 = ProxyFixture.NewTelegram(IPAddress.IPv6Loopback);
        await Proxy.EditAsync(("dc_overrides.2", $"[{Text(Proxy.Telegram.EndPoint)}, {Text(v6.EndPoint)}]"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(v6.Accepted, Is.Zero);

        await Proxy.EditAsync(("prefer_ipv6", "true"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(v6.Accepted, Is.EqualTo(1));

        v6.Kill();
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    /// <summary>In fast mode the DC encrypts with the client's own key (PROTOCOL C.6): its header says so.</summary>
    [Test]
    [LiveKey("fast_mode")]
    public async Task FastMode_SwitchedOff_DcEncryptsWithAKeyOfOurs(CancellationToken cancellation)
    {
        Assert.That(await SharesKeyAsync(1, cancellation));

        await Proxy.EditAsync(("fast_mode", "false"));
        Assert.That(await SharesKeyAsync(2, cancellation), Is.False);
    }

    private async Task<bool> SharesKeyAsync(int seed, CancellationToken cancellation)
    {
        var secret = ProxyFixture.KeyOf("tele");
        var header = TestHeader.Make(secret.Bytes.ToArray(), (byte)ProtocolTag.Abridged, seed: seed).Wire;
        using var socket = await Proxy.KnockAsync(cancellation);
        await socket.SendAsync(header, cancellation);
        var atDc = await Proxy.Telegram.Headers.ReadAsync(cancellation);
        return DownKey(header, secret).SequenceEqual(DownKey(atDc.Bytes, null));
    }

    private static byte[] DownKey(byte[] header, Secret? secret)
    {
        var (key, iv) = (new byte[AesCtr.KeySize], new byte[AesCtr.IvSize]);
        HandshakeKeys.ServerToClient(header, secret, key, iv);
        return [.. key, .. iv];
    }
}
