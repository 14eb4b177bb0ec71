using System.Collections.Immutable;
using System.Net;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [control].</summary>
internal static class ControlKeys
{
    public static readonly ConfigurationKey<bool> Enabled = new("control.enabled", Readers.Flag, true, Now);

    public static readonly ConfigurationKey<EndPoint?> Listen =
        new("control.listen", Readers.EndPoint, new IPEndPoint(IPAddress.Loopback, 9091), Now);

    /// <summary>Shorter ones can be guessed.</summary>
    public static readonly ConfigurationKey<string?> Token =
        new("control.token", new TextReader("at most 255 characters, hard to guess", hidden: true), null, Now);

    public static readonly ConfigurationKey<ImmutableArray<IPNetwork>> Allow = new(
        "control.allow",
        Readers.Networks,
        [new IPNetwork(IPAddress.Parse("127.0.0.0"), 8), new IPNetwork(IPAddress.IPv6Loopback, 128)],
        Now);

    public static readonly ConfigurationKey<bool> ReadOnly = new("control.read_only", Readers.Flag, false, Now);
    public static readonly ConfigurationKey<string?> Certificate = new("control.certificate", Readers.Path, null, Now);
}
