using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Settings;
using Telemt.Worker.Links;

namespace Telemt.Worker.Cli;

/// <summary>`telemt links`: what to send to the users, as text or as a code to scan.</summary>
internal static class LinksCommand
{
    /// <summary>The search for the public address goes on without an answer after this.</summary>
    private static readonly TimeSpan LookupLimit = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var file = ConfigurationFile.Argument();
        var user = new Option<string?>("--user") { Description = "Only this user's", HelpName = "NAME" };
        var qr = new Option<bool>("--qr") { Description = "Draw each link as a QR code too" };
        var command = new Command("links", "Print the links of all users, or of one") { file, user, qr };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (ConfigurationFile.Load(result.GetRequiredValue(file), error) is not { Settings: { } settings })
            {
                return ExitCode.Refused;
            }

            if (Users(settings, result.GetValue(user), error) is not { } users)
            {
                return ExitCode.Failed;
            }

            return await WriteAsync(output, error, settings, users, result.GetValue(qr), cancellationToken);
        });
        return command;
    }

    /// <summary>Finds the public address as the proxy would, and prints the links of these users.</summary>
    internal static async Task<int> WriteAsync(
        TextWriter output,
        TextWriter error,
        ProxySettings settings,
        IEnumerable<UserSettings> users,
        bool qr,
        CancellationToken cancellationToken)
    {
        var finder = new PublicAddressFinder(RoutedAddress.Find, new HttpAddressLookup(NullLogger<HttpAddressLookup>.Instance));
        var addresses = await FindAsync(settings, finder, cancellationToken);
        return Write(output, error, [.. LinkList.For(settings, addresses, users)], qr);
    }

    /// <returns>Null when the name is nobody's; the error says whose names there are.</returns>
    internal static UserSettings[]? Users(ProxySettings settings, string? name, TextWriter error)
    {
        if (name is null)
        {
            return [.. settings.Users.Users];
        }

        if (settings.Users.Users.FirstOrDefault(user => user.Name == name) is { } found)
        {
            return [found];
        }

        error.WriteLine($"error: there is no user '{name}'; there are: {string.Join(", ", settings.Users.Users.Select(user => user.Name))}");
        return null;
    }

    internal static async Task<PublicAddresses> FindAsync(
        ProxySettings settings,
        PublicAddressFinder finder,
        CancellationToken cancellationToken)
    {
        var here = finder.FindHere(settings.PublicAddress);
        if (!PublicAddressFinder.NeedsLookup(settings.PublicAddress, here) || !LinkList.DependsOnPublicAddress(settings))
        {
            return here;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookupLimit);
        try
        {
            here = await finder.LookUpAsync(settings.PublicAddress, here, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What was kept is the next best.
        }

        var kept = PublicAddressFile.Read(settings.State);
        return new PublicAddresses(here.V4 ?? kept.V4, here.V6 ?? kept.V6);
    }

    internal static int Write(TextWriter output, TextWriter error, UserLink[] links, bool qr)
    {
        var writer = new LinkWriter(output);
        foreach (var link in links)
        {
            writer.Write([link]);
            foreach (var line in qr ? QrText.Lines(link.Link.ToTg(), colours: !Console.IsOutputRedirected) : [])
            {
                output.WriteLine(line);
            }
        }

        if (links.Any(link => link.Link.Server == LinkList.Placeholder))
        {
            error.WriteLine("warning: the public address is not known: set public_ip in the file, or announce_ip of a listener");
        }

        return ExitCode.Good;
    }
}
