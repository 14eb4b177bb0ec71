using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Worker.Hosting;

/// <summary>The built `telemt run` as a process of its own, as a service manager starts it.</summary>
internal sealed class RunningTelemt : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    /// <param name="extra">Appended to a configuration that listens on <see cref="Port"/> of loopback and needs no network.</param>
    public RunningTelemt(string extra = "", int? port = null)
    {
        Folder = Directory.CreateTempSubdirectory("telemt-").FullName;
        Port = port ?? FreePort();
        Write(extra);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "telemt"), ["run", File])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NOTIFY_SOCKET"] = Manager.Address, ["WATCHDOG_USEC"] = "1000000" },
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public string Folder { get; }

    public string File => Path.Combine(Folder, "telemt.toml");

    public int Port { get; }

    public int Id => _process.Id;

    public NotifySocket Manager { get; } = new();

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Write(string extra) => System.IO.File.WriteAllText(
        File,
        $"""
        port = {Port}
        public_ip = "8.8.4.4"
        tls_domain = "petrovich.ru"
        mask = false
        show_links = ["tele"]
        {extra}
        [users]
        tele = "00112233445566778899aabbccddeeff"
        [[listeners]]
        ip = "127.0.0.1"
        [control]
        enabled = false

        """);

    /// <summary>Reads what the service manager is told until a message begins like this.</summary>
    /// <returns>All of it, the last one included.</returns>
    public List<string> ReceiveUntil(string start)
    {
        var messages = new List<string>();
        var watch = Stopwatch.StartNew();
        do
        {
            // It goes on to feed the watchdog, whatever does not come.
            Assert.That(watch.Elapsed, Is.LessThan(Bound), $"waited in vain for {start}");
            messages.Add(Manager.Receive());
        }
        while (!messages[^1].StartsWith(start, StringComparison.Ordinal));
        return messages;
    }

    public void Signal(int number) => Assert.That(Kill(_process.Id, number), Is.Zero);

    public async Task<(int Code, string Output, string Error)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Bound);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Manager.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
