using System.CommandLine;
using System.Security.Cryptography;
using Telemt.Core.Wire;

namespace Telemt.Worker.Cli;

/// <summary>`telemt secret`: a fresh one, as telemt.toml wants it and as links carry it.</summary>
internal static class SecretCommand
{
    public static Command Create()
    {
        var domain = DomainOption.Create("Domain of the fake-TLS form");
        var command = new Command("secret", "Print a fresh secret and the forms that links carry") { domain };
        command.SetAction(result => Write(
            result.InvocationConfiguration.Output,
            new Secret(RandomNumberGenerator.GetBytes(Secret.Size)),
            result.GetValue(domain)));
        return command;
    }

    internal static void Write(TextWriter output, Secret secret, string? domain)
    {
        output.WriteLine($"secret       {SecretText.ToHex(ClientSecret.Classic(secret))}   (for [users] in telemt.toml)");
        output.WriteLine($"secure, dd   {SecretText.ToHex(ClientSecret.Secure(secret))}");
        if (domain is not null)
        {
            output.WriteLine($"fake TLS, ee {SecretText.ToHex(ClientSecret.Tls(secret, domain))}");
        }
    }
}
