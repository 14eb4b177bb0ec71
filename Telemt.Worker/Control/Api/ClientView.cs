using Telemt.Core.Gate;
using Telemt.Core.Status;
using Telemt.Worker.Control.Status;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Api;

/// <summary>How clients fare: put together from what each loop noted, and from the counts of refusals and ends.</summary>
internal sealed class ClientView(SessionRegistry sessions)
{
    private const int MostNetworks = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<ClientsDocument> ReadAsync(CancellationToken cancellation)
    {
        var loops = await sessions.ReadExperienceAsync(Limit, cancellation);
        var rows = loops.SelectMany(loop => loop.Rows).ToList();
        var skews = new ClockSkews();
        foreach (var loop in loops)
        {
            skews.Add(loop.Skews);
        }

        return new ClientsDocument(
            Group(rows, key => StatusView.Word(key.Mode)),
            Group(rows, key => key.Dc == 0 ? "other" : key.Dc.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            [.. Group(rows, key => key.Network.ToString()).Take(MostNetworks)],
            Failures(),
            [.. Enumerable.Range(-ClockSkews.Steps.Length, (2 * ClockSkews.Steps.Length) + 1).Select(step => Skew(step, skews.Of(step)))]);
    }

    /// <summary>The most frequent first.</summary>
    private static ExperienceDocument[] Group(List<KeyValuePair<ClientExperience.Key, ClientExperience.Row>> rows, Func<ClientExperience.Key, string> name)
    {
        var sums = new Dictionary<string, ClientExperience.Row>(StringComparer.Ordinal);
        foreach (var (key, row) in rows)
        {
            var word = name(key);
            if (!sums.TryGetValue(word, out var sum))
            {
                sums[word] = sum = new ClientExperience.Row();
            }

            sum.Add(row);
        }

        return
        [
            .. sums.Select(sum => Document(sum.Key, sum.Value)).OrderByDescending(each => each.Answered + each.Unanswered).ThenBy(each => each.Name, StringComparer.Ordinal),
        ];
    }

    private static ExperienceDocument Document(string name, ClientExperience.Row row) => new(
        name,
        row.FirstAnswer.Count,
        Round(row.FirstAnswer.Percentile(0.5)),
        Round(row.FirstAnswer.Percentile(0.9)),
        Round(row.FirstAnswer.Percentile(0.99)),
        row.Unanswered,
        row.Stalled);

    private static double? Round(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;

    /// <summary>Steps in seconds; the clocks that are right have none.</summary>
    private static SkewDocument Skew(int step, long count) =>
        new(step == 0 ? 0 : Math.Sign(step) * ClockSkews.Steps[Math.Abs(step) - 1], count);

    private FailureDocument[] Failures() =>
    [
        .. Enum.GetValues<Refusal>().Where(cause => cause != Refusal.None)
            .Select(cause => new FailureDocument(HandshakeStages.Of(cause), StatusView.Word(cause), sessions.CountOf(cause))),
        .. HandshakeStages.OfEnds.Select(end => new FailureDocument(HandshakeStages.Dial, StatusView.Word(end), sessions.CountOf(end))),
    ];
}
