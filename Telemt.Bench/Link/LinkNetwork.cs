using System.Diagnostics;
using Telemt.Bench.Load.Targets;

namespace Telemt.Bench.Link;

/// <summary>
/// Two network namespaces with a veth pair between them, MTU 1500: the proxy and its Telegram here, the clients in a process of their own
/// there. Towards the clients a token bucket may shape it.
/// </summary>
internal static class LinkNetwork
{
    public const string ProxyAddress = "10.77.0.1";

    private const string ClientAddress = "10.77.0.2";
    private const string Here = "telemt-link0";
    private const string There = "telemt-link1";

    /// <param name="clients">The process in the other namespace.</param>
    public static void Join(int clients)
    {
        Run("ip", "link", "add", Here, "mtu", "1500", "type", "veth", "peer", "name", There, "mtu", "1500", "netns", $"{clients}");
        Run("ip", "addr", "add", $"{ProxyAddress}/24", "dev", Here);
        Run("ip", "link", "set", Here, "up");
    }

    /// <summary>The clients' end, in their namespace.</summary>
    public static void RaiseClientEnd()
    {
        Run("ip", "addr", "add", $"{ClientAddress}/24", "dev", There);
        Run("ip", "link", "set", There, "up");
    }

    /// <param name="megabits">Per second.</param>
    /// <param name="milliseconds">How long a packet may wait in the link's own queue; what comes then is dropped.</param>
    public static void Shape(int megabits, int milliseconds) => Run(
        "tc", "qdisc", "replace", "dev", Here, "root", "tbf", "rate", $"{megabits}mbit", "burst", "32kb", "latency", $"{milliseconds}ms");

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new TargetException($"{program} does not start");
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new TargetException($"{program} {string.Join(' ', arguments)}: {error}");
        }
    }
}
