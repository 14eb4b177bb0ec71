using System.Diagnostics;
using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Targets;

/// <summary>A target's process from its start to its end. Ends no process but its own.</summary>
internal sealed class RunningTarget : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(2);

    private readonly Process _process;
    private readonly string _folder;
    private readonly string _log;

    private RunningTarget(Process process, string folder, string log, int port, int users)
    {
        Users = users;
        _process = process;
        _folder = folder;
        _log = log;
        Port = port;
        Meter = new ProcessMeter(process.Id);
    }

    public int Port { get; }

    public int Users { get; }

    public ProcessMeter Meter { get; }

    /// <summary>CPU seconds that it had used when it was seen to listen.</summary>
    public double StartCpuSeconds { get; private set; }

    public TimeSpan StartTime { get; private set; }

    public bool HasEnded => _process.HasExited;

    /// <exception cref="TargetException">It does not listen in time.</exception>
    public static RunningTarget Start(Target target, int dcPort, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("telemt-bench-").FullName;
        var port = LoopbackSocket.FreePort();
        var log = Path.Combine(folder, "log");
        var start = Stopwatch.GetTimestamp();
        var running = new RunningTarget(Launch(target.Prepare(new Place(port, dcPort, folder, threads)), log), folder, log, port, target.Users);
        try
        {
            running.AwaitListener(target.Name, start);
            return running;
        }
        catch
        {
            running.Dispose();
            throw;
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LogTail() => string.Join('\n', File.ReadLines(_log).TakeLast(40));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _ = Syscalls.Signal(_process.Id, Syscalls.SignalTerminate);
            if (!_process.WaitForExit(StopLimit))
            {
                _ = Syscalls.Signal(_process.Id, Syscalls.SignalKill);
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Launch(TargetCommand command, string log)
    {
        // The shell only turns the output into a file and becomes the command: its process id stays.
        var info = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var word in (ReadOnlySpan<string>)["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, .. command.Line])
        {
            info.ArgumentList.Add(word);
        }

        foreach (var (name, value) in command.Environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new TargetException("no process");
    }

    private void AwaitListener(string name, long start)
    {
        while (!IsListening())
        {
            StartTime = Stopwatch.GetElapsedTime(start);
            if (_process.HasExited || StartTime > StartLimit)
            {
                throw new TargetException($"{name} does not listen on port {Port}; its last lines:\n{LogTail()}");
            }

            Thread.Sleep(LookEvery);
        }

        StartCpuSeconds = Meter.CpuSeconds;
    }

    /// <summary>Asked of the kernel: a probing connection would be served and counted.</summary>
    private bool IsListening() =>
        File.ReadLines("/proc/thread-self/net/tcp").Concat(File.ReadLines("/proc/thread-self/net/tcp6"))
            .Any(line => ProcText.IsListener(line, Port));
}
