namespace Telemt.Core.Status;

/// <summary>Who was not served and from where, and what hellos look like: of one loop, since the start. Bounded, whoever knocks. Not for several threads; a reader gets a copy.</summary>
internal sealed class StrangerReport
{
    public const int MostSources = 256;
    public const int MostHellos = 128;
    public const string OtherHellos = "other";

    /// <summary>Connections that were not served, by what they looked like and where they came from.</summary>
    public CountTable<Source> Sources { get; private init; } = new(MostSources, static source => source with { Network = NetworkPrefix.Other });

    /// <summary>By <see cref="Fronting.Ja4"/>, of hellos that were answered.</summary>
    public CountTable<string> Accepted { get; private init; } = new(MostHellos, static _ => OtherHellos);

    /// <summary>The same of those that saw the site, or nothing: a table of their own, so that they cannot push the others out.</summary>
    public CountTable<string> Refused { get; private init; } = new(MostHellos, static _ => OtherHellos);

    public readonly record struct Source(StrangerClass Class, NetworkPrefix Network);

    /// <summary>For another thread.</summary>
    public StrangerReport Copy() => new() { Sources = Sources.Copy(), Accepted = Accepted.Copy(), Refused = Refused.Copy() };
}
