using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Telemt.Worker.Transport;

namespace Telemt.Tests.EndToEnd;

/// <summary>What the kernel says of the sockets of this process, host and test in one.</summary>
internal static class KernelSockets
{
    private const string Established = "01";
    private const string Listening = "0A";

    /// <summary>Open sockets. Other descriptors come with code that the runtime loads when it pleases.</summary>
    public static int Open => Directory.GetFileSystemEntries("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    /// <summary>The inodes of what listens on a port: another inode is another socket.</summary>
    public static string[] Listeners(int port) =>
        [.. Rows().Where(row => row.State == Listening && row.Port == port).Select(row => row.Inode).Order()];

    /// <summary>An option of the proxy's end of a client's connection.</summary>
    public static int Option(int proxyPort, Socket client, int level, int name)
    {
        var clientPort = ((IPEndPoint)client.LocalEndPoint!).Port;
        return Option(Rows().Single(row => row.State == Established && row.Port == proxyPort && row.PeerPort == clientPort), level, name);
    }

    /// <summary>An option of the one socket that listens on the port.</summary>
    public static int Option(int port, int level, int name) =>
        Option(Rows().Single(row => row.State == Listening && row.Port == port), level, name);

    private static unsafe int Option(Row row, int level, int name)
    {
        int value;
        var size = sizeof(int);
        Assert.That(Libc.GetOption(DescriptorOf(row.Inode), level, name, &value, &size), Is.Zero);
        return value;
    }

    /// <summary>/proc/net/tcp: sl, local address, peer address, state, queues, timer, retransmits, uid, timeout, inode; numbers in hex.</summary>
    private static IEnumerable<Row> Rows() => ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"])
        .Where(File.Exists)
        .SelectMany(path => File.ReadLines(path).Skip(1))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(columns => new Row(columns[3], PortOf(columns[1]), PortOf(columns[2]), columns[9]));

    private static int PortOf(string address) => int.Parse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber);

    private static int DescriptorOf(string inode) => Directory.GetFileSystemEntries("/proc/self/fd")
        .Where(path => new FileInfo(path).LinkTarget == $"socket:[{inode}]")
        .Select(path => int.Parse(Path.GetFileName(path)))
        .Single();

    private sealed record Row(string State, int Port, int PeerPort, string Inode);
}
