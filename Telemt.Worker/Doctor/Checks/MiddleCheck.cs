using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemt.Core.Middle;
using Telemt.Core.Settings;
using Telemt.Worker.Links;
using Telemt.Worker.Middle;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>The route of ad tags: its secret, its lists, and a handshake with the middle proxies of some data centres.</summary>
internal sealed class MiddleCheck : IDoctorCheck
{
    private const int MostSecret = 4096;
    private const int ReceiveRoom = 8 * 1024;
    private const int MostCentres = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "middle";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var settings = patient.Settings;
        if (!settings.MiddleProxy.Enabled)
        {
            findings.Note("off: nobody has an ad tag");
            return;
        }

        var (secret, list) = await LoadAsync(patient, findings, cancellation);
        if (secret is null || list is null)
        {
            return;
        }

        if (!settings.Upstreams.Any(upstream => upstream.Enabled && upstream.Kind == UpstreamKind.Direct))
        {
            findings.Note("no handshake is tried: all upstreams are SOCKS servers; a running proxy tells in its log how theirs went");
            return;
        }

        var centres = list.Dcs.Order().Take(MostCentres).ToArray();
        var tried = await Task.WhenAll(centres.Select(dc => TryAsync(patient, secret, list.Find(dc, out _)[0], cancellation)));
        var failed = centres.Zip(tried).Where(pair => pair.Second is not null).ToArray();
        if (failed.Length == 0)
        {
            findings.Good($"those of {string.Join(", ", centres)} shake hands");
        }

        foreach (var cause in failed.GroupBy(pair => pair.Second!))
        {
            var text = $"those of {string.Join(", ", cause.Select(pair => pair.First))}: {cause.Key}";
            const string Cure = "set public_ip behind address translation, which must keep ports; see clock and names above";
            if (failed.Length == centres.Length)
            {
                findings.Error(text, Cure);
            }
            else
            {
                findings.Warning(text, Cure);
            }
        }
    }

    private static async Task<(MiddleSecret? Secret, MiddleProxyList? List)> LoadAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var (settings, middle) = (patient.Settings, patient.Settings.MiddleProxy);
        var download = new HttpMiddleDownload();
        var events = new MiddleSourceEvents(static (_, _) => { }, static (_, _, _, _) => { }, static (_, _, _) => { }, static (_, _) => { });
        var secret = new MiddleSource<MiddleSecret>("proxy-secret", MostSecret, ParseSecret, download, patient.Clock, events);
        var list = new MiddleSource<MiddleProxyList>("proxy-config", MiddleProxyList.MaxText, ParseList, download, patient.Clock, events);

        // Without the state folder: what Telegram says now is to be seen, and nothing kept.
        await Task.WhenAll(
            secret.RefreshAsync(middle.SecretFile, middle.SecretUrl, null, middle.Refresh, settings.Upstreams, 0, cancellation),
            list.RefreshAsync(middle.ConfigFile, middle.ConfigUrl, null, middle.Refresh, settings.Upstreams, 0, cancellation));
        Tell("the secret", secret.Status.Problem, (middle.SecretFile ?? middle.SecretUrl?.AbsoluteUri)!, "secret_file");
        Tell("the list", list.Status.Problem, (middle.ConfigFile ?? middle.ConfigUrl?.AbsoluteUri)!, "config_file");
        return (secret.Value, list.Value);

        void Tell(string what, string? problem, string origin, string key)
        {
            if (problem is null)
            {
                findings.Good($"{what} is of {origin}");
            }
            else
            {
                findings.Error($"{what} cannot be had from {origin}: {problem}", $"reach it by a SOCKS upstream, or fetch it elsewhere and name it in middle_proxy.{key}");
            }
        }
    }

    /// <returns>Why it does not shake hands; null when it does.</returns>
    private static async Task<string?> TryAsync(Patient patient, MiddleSecret secret, IPEndPoint middle, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var socket = new Socket(middle.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        MiddleHandshake? handshake = null;
        MiddleEnds? ends = null;
        try
        {
            await socket.ConnectAsync(middle, limit.Token);
            var local = (IPEndPoint)socket.LocalEndPoint!;
            ends = new MiddleEnds(new IPEndPoint(await OursAsync(patient, local.Address), local.Port), middle);
            handshake = new MiddleHandshake(secret, ends.Value, patient.Clock, patient.Random);
            return await ShakeAsync(socket, handshake, limit.Token) is { } end
                ? MiddleAdvice.For(end, handshake.Fault, ends, handshake.SkewSeconds, handshake.RefusedWith, null)
                : null;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            var end = handshake is null ? MiddleEnd.Unreachable : handshake.KeysInUse ? MiddleEnd.HandshakeTimeout : MiddleEnd.ClosedAtOnce;
            return MiddleAdvice.For(end, MiddleFault.None, ends, 0, 0, e is SocketException ? e.Message : "timed out");
        }
    }

    private static async Task<MiddleEnd?> ShakeAsync(Socket socket, MiddleHandshake handshake, CancellationToken cancellation)
    {
        var (held, length) = (new byte[ReceiveRoom], 0);
        await socket.SendAsync(handshake.Output, cancellation);
        while (true)
        {
            var received = length < held.Length ? await socket.ReceiveAsync(held.AsMemory(length), cancellation) : 0;
            if (received == 0)
            {
                return handshake.KeysInUse ? MiddleEnd.ClosedInHandshake : MiddleEnd.ClosedAtOnce;
            }

            length += received;
            for (var step = MiddleStep.Write; step == MiddleStep.Write;)
            {
                step = handshake.Step(held.AsSpan(0, length));
                if (step is MiddleStep.Broken or MiddleStep.Ready)
                {
                    return step == MiddleStep.Ready ? null : MiddleEnd.HandshakeFault;
                }

                var consumed = handshake.Consumed;
                held.AsSpan(consumed, length - consumed).CopyTo(held);
                length -= consumed;
                if (step == MiddleStep.Write)
                {
                    await socket.SendAsync(handshake.Output, cancellation);
                }
            }
        }
    }

    /// <summary>The address that the other side sees: as the proxy reckons it.</summary>
    private static async Task<IPAddress> OursAsync(Patient patient, IPAddress local)
    {
        if (IPAddress.IsLoopback(local) || PublicRange.Contains(local))
        {
            return local;
        }

        if (patient.Settings.PublicAddress.Address is { } said && said.AddressFamily == local.AddressFamily)
        {
            return said;
        }

        var known = await patient.PublicAddresses;
        return (local.AddressFamily == AddressFamily.InterNetwork ? known.V4 : known.V6) ?? local;
    }

    private static MiddleSecret? ParseSecret(ReadOnlySpan<byte> bytes, out string? problem)
    {
        problem = MiddleSecret.TryCreate(bytes, out var secret) ? null : $"this is no proxy secret ({bytes.Length} bytes)";
        return secret;
    }

    private static MiddleProxyList? ParseList(ReadOnlySpan<byte> bytes, out string? problem) =>
        MiddleProxyList.TryParse(Encoding.UTF8.GetString(bytes), out var list, out problem) ? list : null;
}
