using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Telemt.Core.Status;

namespace Telemt.Worker.Cli;

/// <summary>`telemt ping LINK...`: does a proxy, ours or not, bring one through to Telegram, and how fast.</summary>
internal static class PingCommand
{
    private static readonly short[] DefaultDcs = [1, 2, 3, 4, 5];
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var links = new Argument<ProxyLink[]>("LINK")
        {
            Description = "tg://proxy?... or https://t.me/proxy?...",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseLinks,
        };
        var dcs = new Option<short[]>("--dc")
        {
            Description = "Data centres, as in 1,2,-4 (negative: media, 10000 more: test); 1 to 5 without it",
            HelpName = "N,N",
            CustomParser = ParseDcs,
        };
        var timeout = new Option<TimeSpan?>("--timeout")
        {
            Description = "Seconds for each data centre; 10 without it",
            HelpName = "SECONDS",
            CustomParser = ParseSeconds,
        };
        var json = new Option<bool>("--json") { Description = "Print JSON, for scripts" };
        var command = new Command("ping", "Try the way through proxies to Telegram, by their links") { links, dcs, timeout, json };
        command.SetAction((result, cancellation) =>
        {
            var probe = new LinkProbe(new SystemRandomSource(), TimeProvider.System, result.GetValue(timeout) ?? DefaultTimeout);
            return RunAsync(
                probe,
                result.GetRequiredValue(links),
                result.GetValue(dcs) is { Length: > 0 } given ? given : DefaultDcs,
                result.GetValue(json),
                result.InvocationConfiguration.Output,
                cancellation);
        });
        return command;
    }

    /// <returns>Good when every data centre answered through every link.</returns>
    internal static async Task<int> RunAsync(
        LinkProbe probe,
        ProxyLink[] links,
        short[] dcs,
        bool json,
        TextWriter output,
        CancellationToken cancellation)
    {
        var all = new List<LinkReport>();
        foreach (var link in links)
        {
            // The data centres at once: what one of them lacks takes no time from the others.
            var results = await Task.WhenAll(dcs.Select(dc => probe.RunAsync(link, dc, cancellation)));
            all.Add(new LinkReport(link, results));
            if (!json)
            {
                PingReport.Write(output, all[^1]);
            }
        }

        if (json)
        {
            PingReport.WriteJson(output, all);
        }

        return all.All(report => report.Results.All(result => result.IsGood)) ? ExitCode.Good : ExitCode.Failed;
    }

    private static ProxyLink[] ParseLinks(ArgumentResult result)
    {
        var links = new List<ProxyLink>();
        foreach (var token in result.Tokens)
        {
            if (ProxyLink.TryParse(token.Value, out var link, out var problem))
            {
                links.Add(link);
            }
            else
            {
                result.AddError($"link {links.Count + 1}: {problem}");
                return [];
            }
        }

        return [.. links];
    }

    private static TimeSpan? ParseSeconds(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 300)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError("--timeout: a number of seconds above 0, at most 300");
        return null;
    }

    private static short[] ParseDcs(ArgumentResult result)
    {
        var dcs = new List<short>();
        foreach (var part in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (!short.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var dc) || dc == 0)
            {
                result.AddError($"--dc: '{part}' is no number of a data centre");
                return [];
            }

            dcs.Add(dc);
        }

        return [.. dcs];
    }
}
