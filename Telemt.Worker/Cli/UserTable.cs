using System.Globalization;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Cli;

/// <summary>Users as a table for a terminal: name, whether they may come in, and their limits.</summary>
internal static class UserTable
{
    public static void Write(TextWriter output, IReadOnlyCollection<UserSettings> users, DateTimeOffset now)
    {
        var width = users.Select(user => user.Name.Length).DefaultIfEmpty().Max();
        foreach (var user in users)
        {
            var line = $"{user.Name.PadRight(width)}  {State(user, now),-8}  {string.Join(", ", Limits(user))}";
            output.WriteLine(line.TrimEnd());
        }
    }

    private static string State(UserSettings user, DateTimeOffset now) =>
        !user.Enabled ? "disabled" : user.Expires <= now ? "expired" : "enabled";

    private static IEnumerable<string> Limits(UserSettings user)
    {
        if (user.Expires is { } expires)
        {
            yield return "until " + expires.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        }

        if (user.MaxConnections is { } connections)
        {
            yield return $"{connections} connections";
        }

        if (user.MaxIps is { } addresses)
        {
            yield return $"{addresses} addresses";
        }

        if (user.Quota is { } quota)
        {
            yield return $"{SizeText.Format(quota)} {(user.QuotaPeriod == QuotaPeriod.Total ? "in all" : $"a {user.QuotaPeriod.ToString().ToLowerInvariant()}")}";
        }

        if (user.Rate is { } rate)
        {
            yield return $"{SizeText.Format(rate)}/s";
        }
    }
}
