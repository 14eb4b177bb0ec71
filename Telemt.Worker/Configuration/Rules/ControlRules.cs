using System.Net;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Who can reach the operator's page can edit users, so that it is never open to a network without a token.</summary>
internal static class ControlRules
{
    private const int LeastToken = 16;

    public static void Check(TelemtOptions options, ProblemList problems)
    {
        var table = options.Table(ConfigurationSchema.Control);
        if (!table.Get(ControlKeys.Enabled))
        {
            return;
        }

        var token = table.Get(ControlKeys.Token);
        if (token is { Length: < LeastToken })
        {
            problems.Error(
                table.OriginOf(ControlKeys.Token),
                ControlKeys.Token.Path,
                "can be guessed",
                $"give at least {LeastToken} characters; `openssl rand -hex 16` makes some");
        }

        if (Address(table) is not { } listen)
        {
            problems.Error(
                table.OriginOf(ControlKeys.Listen),
                ControlKeys.Listen.Path,
                "names no address",
                "give one of this host, such as \"127.0.0.1:9091\" or \"0.0.0.0:9091\"");
            return;
        }

        if (!IPAddress.IsLoopback(listen.Address) && table.Lacks(ControlKeys.Token))
        {
            problems.Error(
                table.OriginOf(ControlKeys.Listen),
                ControlKeys.Listen.Path,
                "can be reached from beyond this host, and there is no token",
                "add token = \"...\" below [control], or listen on 127.0.0.1");
        }
        else if (!IPAddress.IsLoopback(listen.Address) && table.Get(ControlKeys.Certificate) is null)
        {
            problems.Warning(
                table.OriginOf(ControlKeys.Listen),
                ControlKeys.Listen.Path,
                "is open to a network without TLS: the token and all secrets can be read on the way",
                "add control.certificate, or listen on 127.0.0.1 and come by ssh");
        }

        CheckPort(table, listen, options, problems);
    }

    private static void CheckPort(OptionTable table, IPEndPoint listen, TelemtOptions options, ProblemList problems)
    {
        if (ListenerTarget.All(options).Any(target => target.Takes(listen.Address, listen.Port)))
        {
            problems.Error(
                table.OriginOf(ControlKeys.Listen), ControlKeys.Listen.Path, "is a port that clients connect to", "give it another port");
        }
    }

    /// <summary>"localhost" is an address in every mind; another name may lead anywhere.</summary>
    public static IPEndPoint? Address(OptionTable table) => table.Get(ControlKeys.Listen) switch
    {
        IPEndPoint address => address,
        DnsEndPoint { Host: "localhost" } name => new IPEndPoint(IPAddress.Loopback, name.Port),
        _ => null,
    };
}
