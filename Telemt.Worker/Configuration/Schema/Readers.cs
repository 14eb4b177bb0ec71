using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The readers that several keys share, by the kind of value.</summary>
internal static class Readers
{
    public static readonly ValueReader<bool> Flag = new BooleanReader();
    public static readonly ValueReader<int> Port = new IntegerReader(1, 65535);
    public static readonly ValueReader<int> Count = new IntegerReader(0, int.MaxValue);
    public static readonly ValueReader<int> AtLeastOne = new IntegerReader(1, int.MaxValue);
    public static readonly ValueReader<long> Quota = new SizeReader(1, zero: true);
    public static readonly ValueReader<long> Rate = new SizeReader(1024, perSecond: true, zero: true);
    public static readonly ValueReader<string?> AdTag = new AdTagReader();
    public static readonly ValueReader<Secret?> Secret = new SecretReader();
    public static readonly ValueReader<DateTimeOffset?> Moment = new MomentReader();
    public static readonly ValueReader<IPAddress?> Address = new AddressReader();
    public static readonly ValueReader<string?> HostName = new HostNameReader();
    public static readonly ValueReader<string?> TlsDomain = new HostNameReader(ClientSecret.MaxDomain);
    public static readonly ValueReader<EndPoint?> EndPoint = new EndPointReader();
    public static readonly ValueReader<Uri?> Url = new UrlReader();
    public static readonly ValueReader<string?> Path = new TextReader("a path", 4096);
    public static readonly ValueReader<string?> Group = new TextReader("the name of a group of upstreams");
    public static readonly ValueReader<string?> Device = new TextReader("an address of this host or the name of a device", 64);
    public static readonly ValueReader<ImmutableArray<string?>> UserNames =
        new ListReader<string?>(new TextReader("the name of a user", 64));

    public static readonly ValueReader<ImmutableArray<IPNetwork>> Networks = new ListReader<IPNetwork>(new NetworkReader());

    public static readonly ValueReader<QuotaPeriod> QuotaPeriod = new ChoiceReader<QuotaPeriod>(
        ("month", Core.Settings.QuotaPeriod.Month),
        ("day", Core.Settings.QuotaPeriod.Day),
        ("total", Core.Settings.QuotaPeriod.Total));

    /// <summary>A time limit of at least a millisecond.</summary>
    public static readonly ValueReader<TimeSpan> Limit = new DurationReader(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30));

    /// <summary>A time between two runs of something.</summary>
    public static readonly ValueReader<TimeSpan> Interval = new DurationReader(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));

    /// <summary>A duration that zero turns off.</summary>
    public static readonly ValueReader<TimeSpan> OptionalDuration = new DurationReader(TimeSpan.Zero, TimeSpan.FromDays(1));

    public static ValueReader<string> Words(params string[] words) => new ChoiceReader<string>([.. words.Select(word => (word, word))]);

    public static ValueReader<T?> Optional<T>(ValueReader<T> reader, string? word = null)
        where T : struct
        => new OptionalReader<T>(reader, word);
}
