using Telemt.Core.Fronting;
using Telemt.Core.Status;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Api;

/// <summary>Who was not served and from where, and the fingerprints of hellos: put together from what each loop noted.</summary>
internal sealed class StrangerView(SessionRegistry sessions)
{
    private const int MostRows = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<RefusalsDocument> ReadAsync(CancellationToken cancellation)
    {
        var loops = await sessions.ReadStrangersAsync(Limit, cancellation);
        var accepted = Sum(loops.SelectMany(loop => loop.Accepted.Rows));
        var refused = Sum(loops.SelectMany(loop => loop.Refused.Rows));
        return new RefusalsDocument(
            [.. Enum.GetValues<StrangerClass>().Select(looks => new StrangerDocument(StatusView.Word(looks), sessions.CountOf(looks)))],
            [
                .. Sum(loops.SelectMany(loop => loop.Sources.Rows))
                    .OrderByDescending(row => row.Value.Count).ThenByDescending(row => row.Value.LastAt).Take(MostRows)
                    .Select(row => new SourceDocument(row.Key.Network.ToString(), StatusView.Word(row.Key.Class), row.Value.Count, row.Value.LastAt)),
            ],
            [
                .. accepted.Keys.Union(refused.Keys).Select(print => Hello(print, accepted.GetValueOrDefault(print), refused.GetValueOrDefault(print)))
                    .OrderByDescending(hello => hello.Accepted).ThenByDescending(hello => hello.Refused).ThenBy(hello => hello.Ja4, StringComparer.Ordinal)
                    .Take(MostRows),
            ],
            [.. Enum.GetValues<KeyGroup>().Select(group => new FlightDocument(KeyGroups.Name(group), sessions.AnsweredBy(group), sessions.AbandonedBehind(group)))]);
    }

    private static HelloDocument Hello(string print, CountTable<string>.Row accepted, CountTable<string>.Row refused) =>
        new(print, accepted.Count, refused.Count, accepted.LastAt > refused.LastAt ? accepted.LastAt : refused.LastAt);

    private static Dictionary<TKey, CountTable<TKey>.Row> Sum<TKey>(IEnumerable<KeyValuePair<TKey, CountTable<TKey>.Row>> rows)
        where TKey : notnull =>
        rows.GroupBy(row => row.Key, row => row.Value)
            .ToDictionary(group => group.Key, group => new CountTable<TKey>.Row(group.Sum(row => row.Count), group.Max(row => row.LastAt)));
}
