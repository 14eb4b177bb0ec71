using System.Buffers.Binary;
using System.Text;
using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.External.Sites;
using Telemt.Tests.Fakes;
using Telemt.Worker.Fronting;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.External.Probing;

/// <summary>
/// What an accepted client is answered, beside what the same hello without a secret is answered by a real web server: every byte of the
/// ServerHello but random, session id and key, and as long a flight.
/// </summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(120_000)]
[TestFixture("nginx", false)]
[TestFixture("nginx", true)]
[TestFixture("apache2", false)]
internal sealed class AcceptedFlightTests(string server, bool ecdsa)
{
    private static readonly HelloStyle[] Styles = Enum.GetValues<HelloStyle>();

    private RealSite _site = null!;
    private ProxyFixture _proxy = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _site = await RealSite.StartAsync(server, new SiteOptions(Ecdsa: ecdsa, Chain: 2));
        _proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("mask_port", _site.Port.ToString()),
            ("fronting.profile", Text("mask")),
            ("tls_domains", $"[{string.Join(", ", Captured.Select(NameOf).Distinct().Select(name => Text(name)))}]")));
        await Wait.UntilAsync(() => ProfileOf(ProxyFixture.Domain) is var profile && profile.Offers.Count >= Styles.Length && profile.Delays.Length >= 8, "the site's profile");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _site?.Dispose();
    }

    [Test]
    public async Task ServerHello_ToABrowserLikeClient_IsTheSites([ValueSource(nameof(Styles))] HelloStyle style, CancellationToken cancellation)
    {
        var hello = _proxy.Hello(style);
        await CompareAsync(hello, cancellation);
    }

    /// <summary>An offer that the site was not asked with before is learned behind the first that comes; the second is answered by it.</summary>
    [Test]
    public async Task ServerHello_ToACapturedClient_IsTheSites([ValueSource(nameof(Captured))] string name, CancellationToken cancellation)
    {
        var recorded = TlsProbes.Telegram(name);
        if (!ClientHello.TryParse(recorded, out var fields) || !fields.SupportedVersions.IsPresent)
        {
            Assert.Ignore("a hello without TLS 1.3 extensions, which a real server answers by TLS 1.2");
        }

        var print = HelloPrint.Of(recorded, fields);
        _ = await Flights.AskAsync(_proxy.Port, Signed(recorded, 1), cancellation);
        await Wait.UntilAsync(() => ProfileOf(NameOf(name)).Knows(print), "the site to be asked");
        await CompareAsync(Signed(recorded, 2), cancellation);
    }

    private static IEnumerable<string> Captured => Vectors.Load("faketls_client_hello").GetProperty("accepted").EnumerateArray()
        .Select(hello => hello.GetProperty("name").GetString()!);

    private static string NameOf(string captured)
    {
        var record = TlsProbes.Telegram(captured);
        Assert.That(ClientHello.TryParse(record, out var fields));
        return Encoding.ASCII.GetString(fields.ServerName.Of(record));
    }

    private FlightProfile ProfileOf(string domain) => _proxy.Service<FlightProfiles>().For(domain);

    private byte[] Signed(byte[] recorded, int seed) =>
        TestHello.Sign([.. recorded], ProxyFixture.KeyOf("tele").Bytes.ToArray(), (uint)_proxy.Clock.GetUtcNow().ToUnixTimeSeconds(), seed);

    private async Task CompareAsync(byte[] hello, CancellationToken cancellation)
    {
        var ours = await Flights.AskAsync(_proxy.Port, hello, cancellation);
        var likes = new List<(byte[] Bytes, int Length)>();
        for (var i = 0; i < 8; i++)
        {
            var answer = await new Probe("like", ProbeHello.Like(hello, new SeededRandom(i))!, halfClose: true).AskAsync(_site.Port, cancellation);
            likes.Add((Blank(answer.Bytes), FlightSizes.Of(HostFlight.Read(answer.Bytes).Records.AsSpan())));
        }

        Assert.That(likes.Select(like => Convert.ToHexString(like.Bytes)).Distinct().Count(), Is.EqualTo(1), "the site itself answers alike");
        Assert.That(Convert.ToHexString(Blank(ours.Bytes)), Is.EqualTo(Convert.ToHexString(likes[0].Bytes)));
        var spread = ecdsa ? 3 : 0;
        Assert.That(ours.Flight.Records.Single(), Is.InRange(likes.Min(like => like.Length) - spread, likes.Max(like => like.Length) + spread));
    }

    /// <summary>The ServerHello's record without what is drawn anew each time.</summary>
    private static byte[] Blank(byte[] bytes)
    {
        const int random = 11;
        const int sessionId = 43;
        Assert.That(bytes, Has.Length.GreaterThan(sessionId));
        var record = bytes[..(5 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(3)))];
        record.AsSpan(random, 32).Clear();
        record.AsSpan(sessionId + 1, record[sessionId]).Clear();
        var at = sessionId + 1 + record[sessionId] + 2 + 1 + 2;
        while (at + 4 <= record.Length)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at)), BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at + 2)));
            if (type == Tls13.KeyShare)
            {
                record.AsSpan(at + 8, length - 4).Clear();
            }

            at += 4 + length;
        }

        return record;
    }
}
