using System.Diagnostics;
using System.Runtime.InteropServices;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Net;

/// <summary>The whole load generator waits here: one thread, one epoll, level-triggered. Not for two threads.</summary>
internal sealed unsafe class Poller : IDisposable
{
    /// <summary>Bytes at <see cref="Scratch"/>.</summary>
    public const int ScratchSize = 256 * 1024;

    private const int Batch = 512;
    private const int LongestWaitMs = 20;

    private readonly int _epoll = Libc.EpollCreate(0);
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(Batch * Epoll.EventSize));
    private Endpoint?[] _endpoints = new Endpoint?[1024];
    private volatile bool _stopped;

    /// <summary>For whoever is being called: its content means nothing to the next.</summary>
    public byte* Scratch { get; } = (byte*)NativeMemory.AlignedAlloc(ScratchSize, 4096);

    /// <summary>Watches a descriptor, which the endpoint owns from now on.</summary>
    public void Add(Endpoint endpoint, int fd, uint interest)
    {
        if (fd >= _endpoints.Length)
        {
            Array.Resize(ref _endpoints, Math.Max(fd + 1, _endpoints.Length * 2));
        }

        _endpoints[fd] = endpoint;
        endpoint.Fd = fd;
        Control(Libc.EpollAdd, fd, interest);
    }

    public void Change(Endpoint endpoint, uint interest) => Control(Libc.EpollModify, endpoint.Fd, interest);

    public void Close(Endpoint endpoint)
    {
        if (endpoint.Fd < 0)
        {
            return;
        }

        _endpoints[endpoint.Fd] = null;
        _ = Libc.Close(endpoint.Fd);
        endpoint.Fd = -1;
    }

    /// <summary>Closes what is still watched but the one named.</summary>
    public void CloseAllBut(Endpoint kept)
    {
        foreach (var endpoint in _endpoints)
        {
            if (endpoint is not null && endpoint != kept)
            {
                Close(endpoint);
            }
        }
    }

    /// <summary>Ends every <see cref="Run"/>, by an exception. The one thing that another thread may do.</summary>
    public void Stop() => _stopped = true;

    /// <returns>Whether <paramref name="done"/> came true within the limit.</returns>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public bool Run(TimeSpan limit, Func<bool>? done = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (done?.Invoke() != true)
        {
            var left = (limit - Stopwatch.GetElapsedTime(start)).TotalMilliseconds;
            if (left <= 0)
            {
                return false;
            }

            if (_stopped)
            {
                throw new OperationCanceledException();
            }

            Turn((int)Math.Min(LongestWaitMs, Math.Ceiling(left)));
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var endpoint in _endpoints)
        {
            if (endpoint is not null)
            {
                Close(endpoint);
            }
        }

        _ = Libc.Close(_epoll);
        NativeMemory.Free(_events);
        NativeMemory.AlignedFree(Scratch);
    }

    private void Turn(int milliseconds)
    {
        var count = Libc.EpollWait(_epoll, _events, Batch, milliseconds);
        for (var i = 0; i < count; i++)
        {
            _endpoints[(int)Epoll.Data(_events, i)]?.OnReady(Epoll.Events(_events, i));
        }
    }

    private void Control(int operation, int fd, uint interest)
    {
        if (Epoll.Control(_epoll, operation, fd, interest, (ulong)fd) != 0)
        {
            throw new InvalidOperationException($"epoll_ctl: errno {Libc.Errno}");
        }
    }
}
