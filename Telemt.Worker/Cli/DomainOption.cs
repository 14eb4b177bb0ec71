using System.CommandLine;
using System.Text;
using Telemt.Core.Wire;

namespace Telemt.Worker.Cli;

/// <summary>`--domain NAME`: the SNI name of fake TLS.</summary>
internal static class DomainOption
{
    public static Option<string?> Create(string description)
    {
        var option = new Option<string?>("--domain") { Description = description, HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !IsDomain(name))
            {
                result.AddError($"--domain: '{name}' is no host name (an international one is written in its xn-- form)");
            }
        });
        return option;
    }

    private static bool IsDomain(string name) =>
        name.Length is > 0 and <= ClientSecret.MaxDomain && Ascii.IsValid(name) && Uri.CheckHostName(name) == UriHostNameType.Dns;
}
