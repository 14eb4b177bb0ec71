using System.Collections.Immutable;

namespace Telemt.Worker.Configuration;

/// <summary>Names the keys that the operator set and that no part of this build acts on yet, so that none is ignored in silence.</summary>
internal static class NotInUse
{
    private const int LinesShown = 3;

    /// <returns>Names with their lines: "ad_tag (line 42)", "[[upstreams]] (lines 28, 34)"; empty when all that is set is in use.</returns>
    public static ImmutableArray<string> Find(TelemtOptions options)
    {
        var names = new List<(string Name, Origin Origin)>();
        foreach (var (section, table) in options.AllTables())
        {
            var unused = table.Values.Where(value => !value.Key.InUse).ToList();
            if (!section.IsInUse && unused.Count > 0)
            {
                names.Add((section.Header, table.Origin.HasLine ? table.Origin : unused[0].Origin));
            }
            else
            {
                names.AddRange(unused.Select(value => (value.Key.Path, value.Origin)));
            }
        }

        return [.. names.GroupBy(item => item.Name, item => item.Origin, (name, origins) => $"{name} ({Places([.. origins])})")];
    }

    private static string Places(List<Origin> origins)
    {
        if (origins.Find(origin => !origin.HasLine) is { Source: not null } elsewhere)
        {
            return elsewhere.Source;
        }

        var shown = string.Join(", ", origins.Take(LinesShown).Select(origin => origin.Line));
        var rest = origins.Count - LinesShown;
        return origins.Count == 1 ? $"line {shown}" : rest > 0 ? $"lines {shown} and {rest} more" : $"lines {shown}";
    }
}
