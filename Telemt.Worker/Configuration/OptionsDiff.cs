using System.Globalization;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>Says in words, without secrets, what an edit changed.</summary>
internal static class OptionsDiff
{
    private const int NamesShown = 10;

    public static IReadOnlyList<string> Describe(TelemtOptions before, TelemtOptions after, SettingsDiff diff)
    {
        var words = new List<string>();
        AddTable(words, ConfigurationSchema.Root, before.Root, after.Root);
        foreach (var section in ConfigurationSchema.Sections.Where(section => section.Shape == SectionShape.Table))
        {
            AddTable(words, section, before.Table(section), after.Table(section));
        }

        AddUsers(words, diff);
        AddListeners(words, diff);
        foreach (var section in new[] { ConfigurationSchema.Upstreams, ConfigurationSchema.Policies })
        {
            AddList(words, section, before.Tables(section), after.Tables(section));
        }

        AddDcs(words, before, after);
        return words;
    }

    private static void AddTable(List<string> words, ConfigurationSection section, OptionTable before, OptionTable after)
    {
        foreach (var key in section.Keys)
        {
            if (key.Difference(before, after) is { } difference)
            {
                words.Add($"{key.Path} {difference}");
            }
        }
    }

    private static void AddUsers(List<string> words, SettingsDiff diff)
    {
        AddNames(words, "users added", diff.UsersAdded.Select(user => user.Name));
        AddNames(words, "users removed", diff.UsersRemoved.Select(user => user.Name));
        AddNames(words, "new secret for", diff.UsersChanged.Where(change => change.HasNewSecret).Select(change => change.After.Name));
        AddNames(words, "disabled", diff.UsersChanged.Where(change => change.IsDisabled).Select(change => change.After.Name));
        AddNames(words, "enabled", diff.UsersChanged.Where(change => change.IsEnabled).Select(change => change.After.Name));
        AddNames(
            words,
            "other limits for",
            diff.UsersChanged
                .Where(change => change is { HasNewSecret: false, IsDisabled: false, IsEnabled: false })
                .Select(change => change.After.Name));
    }

    private static void AddListeners(List<string> words, SettingsDiff diff)
    {
        AddNames(words, "listeners added", diff.ListenersAdded.Select(Place));
        AddNames(words, "listeners removed", diff.ListenersRemoved.Select(Place));
        AddNames(words, "listeners changed", diff.ListenersKept.Where(IsChanged).Select(change => Place(change.After)));
    }

    private static bool IsChanged(ListenerChange change)
        => !change.After.Trusted.Networks.AsSpan().SequenceEqual(change.Before.Trusted.Networks.AsSpan())
            || change.Before with { Trusted = change.After.Trusted } != change.After;

    private static string Place(ListenerSettings listener) => listener.UnixPath ?? HostText.WithPort(listener.Address!, listener.Port);

    private static void AddList(
        List<string> words, ConfigurationSection section, IReadOnlyList<OptionTable> before, IReadOnlyList<OptionTable> after)
    {
        var same = before.Count == after.Count
            && before.Zip(after).All(pair => section.Keys.All(key => key.Difference(pair.First, pair.Second) is null));
        if (!same)
        {
            words.Add($"{section.Header} changed, {after.Count} now");
        }
    }

    private static void AddDcs(List<string> words, TelemtOptions before, TelemtOptions after)
    {
        var left = before.DcOverrides.ToDictionary(dc => dc.Dc, dc => dc.EndPoints);
        var right = after.DcOverrides.ToDictionary(dc => dc.Dc, dc => dc.EndPoints);
        var changed = left.Keys.Union(right.Keys).Where(dc =>
            !left.TryGetValue(dc, out var old) || !right.TryGetValue(dc, out var now) || !old.SequenceEqual(now));
        AddNames(words, "addresses changed of DC", changed.Order().Select(dc => dc.ToString(CultureInfo.InvariantCulture)));
    }

    private static void AddNames(List<string> words, string what, IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count > 0)
        {
            var rest = all.Count - NamesShown;
            var shown = string.Join(", ", all.Take(NamesShown));
            words.Add(rest > 0 ? $"{what} {shown} and {rest} more" : $"{what} {shown}");
        }
    }
}
