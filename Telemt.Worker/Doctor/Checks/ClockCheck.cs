using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Middle;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>
/// This host's clock against several that answer: web servers by their Date header, time servers by NTP. The middle one of them counts,
/// so that one liar does no harm.
/// </summary>
internal sealed class ClockCheck : IDoctorCheck
{
    private const double Noticeable = 5;

    public string Name => "clock";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(
            [.. Webs(patient).Select(url => WebClock.AskAsync(url, patient.Clock, cancellation)),
            .. patient.Around.TimeServers.Select(host => NtpClock.AskAsync(host, patient.Clock, cancellation))]);
        var answers = asked.Where(answer => answer.Offset is not null).ToList();
        if (answers.Count == 0)
        {
            findings.Warning(
                $"nobody could be asked for the time: {string.Join("; ", asked.GroupBy(answer => answer.Problem).Select(Together))}",
                "let this host reach a web site or a time server, and compare date -u with another clock");
            return;
        }

        var offsets = answers.Select(answer => answer.Offset!.Value.TotalSeconds).Order().ToList();
        Judge(patient, offsets[offsets.Count / 2], string.Join(", ", answers.Select(answer => answer.Source)), findings);
        if (offsets[^1] - offsets[0] > Noticeable * 2)
        {
            findings.Note($"the clocks asked differ: {string.Join(", ", answers.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Source} {answer.Offset!.Value.TotalSeconds:F0} s")))}");
        }
    }

    private static string Together(IGrouping<string?, ClockAnswer> answers) =>
        $"{string.Join(", ", answers.Select(answer => answer.Source))}: {answers.Key}";

    private static void Judge(Patient patient, double offset, string sources, Findings findings)
    {
        const string Cure = "turn NTP on: timedatectl set-ntp true";
        var text = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(offset):F0} s {(offset > 0 ? "ahead of" : "behind")} {sources}");
        var (skew, ignores) = (patient.Settings.Replay.TimeSkew.TotalSeconds, patient.Settings.Replay.IgnoreTimeSkew);
        if (Math.Abs(offset) > skew && !ignores && patient.Settings.Modes.Tls)
        {
            findings.Error($"{text}: clients with a right clock are taken for replays (replay.time_skew is {skew} s)", Cure);
        }
        else if (Math.Abs(offset) > MiddleHandshake.MaxSkewSeconds && patient.Settings.MiddleProxy.Enabled)
        {
            findings.Error($"{text}: middle proxies refuse more than {MiddleHandshake.MaxSkewSeconds} s", Cure);
        }
        else if (Math.Abs(offset) > Noticeable)
        {
            findings.Warning(text, Cure);
        }
        else
        {
            findings.Good($"right, by {sources}");
        }
    }

    private static IEnumerable<Uri> Webs(Patient patient)
    {
        var settings = patient.Settings;
        if (settings is { Mask: { Enabled: true, Host: null }, TlsDomains.IsEmpty: false })
        {
            yield return new Uri($"https://{settings.TlsDomains[0]}:{settings.Mask.Port}/");
        }

        foreach (var url in patient.Around.Clocks)
        {
            yield return url;
        }
    }
}

/// <summary>What one clock said.</summary>
/// <param name="Offset">Our clock less that one's.</param>
internal sealed record ClockAnswer(string Source, TimeSpan? Offset, string? Problem);

/// <summary>Asks a web server for its Date. A certificate is not checked: with a wrong clock none would hold.</summary>
internal static class WebClock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>The header has whole seconds.</summary>
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(0.5);

    [SuppressMessage("Security", "CA5359", Justification = "With a wrong clock no certificate would hold, and several are asked.")]
    public static async Task<ClockAnswer> AskAsync(Uri url, TimeProvider clock, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        };
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Head, url);
        try
        {
            var began = clock.GetUtcNow();
            using var answer = await client.SendAsync(request, cancellation);
            var middle = began + ((clock.GetUtcNow() - began) / 2);
            return answer.Headers.Date is { } date
                ? new ClockAnswer(url.Host, middle - (date + Half), null)
                : new ClockAnswer(url.Host, null, "its answer has no date");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new ClockAnswer(url.Host, null, e is HttpRequestException ? (e.InnerException ?? e).Message : "timed out");
        }
    }
}

/// <summary>Asks a time server (SNTP, RFC 4330): one packet there, one back.</summary>
internal static class NtpClock
{
    private const int Port = 123;
    private const int Size = 48;
    private const byte AskVersion4 = 0x23;
    private const int TransmitOffset = 40;
    private const byte ServerMode = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="host">With a port behind a colon, where it is not 123.</param>
    public static async Task<ClockAnswer> AskAsync(string host, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            var (name, port) = host.Split(':') is [var alone, var number] ? (alone, int.Parse(number, CultureInfo.InvariantCulture)) : (host, Port);
            var addresses = await Dns.GetHostAddressesAsync(name, limit.Token);
            using var socket = new Socket(addresses[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(addresses[0], port), limit.Token);
            var packet = new byte[Size];
            packet[0] = AskVersion4;
            var began = clock.GetUtcNow();
            await socket.SendAsync(packet, limit.Token);
            var length = await socket.ReceiveAsync(packet, limit.Token);
            var middle = began + ((clock.GetUtcNow() - began) / 2);
            if (length < Size || (packet[0] & 7) != ServerMode || packet[1] == 0)
            {
                return new ClockAnswer(host, null, "its answer is no time");
            }

            var seconds = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(TransmitOffset));
            var fraction = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(TransmitOffset + 4));
            return new ClockAnswer(host, middle - (Epoch + TimeSpan.FromSeconds(seconds + (fraction / 4294967296.0))), null);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new ClockAnswer(host, null, e is SocketException ? e.Message : "timed out");
        }
    }
}
