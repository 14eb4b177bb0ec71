namespace Telemt.Worker.Listening;

/// <summary>
/// Keeps listening sockets while the process is away, so that a restart refuses nobody: what connects meanwhile waits in the kernel's
/// queue for the next process.
/// </summary>
internal interface IListenerStore
{
    /// <summary>False: nobody keeps anything; all calls do nothing.</summary>
    bool IsEnabled { get; }

    /// <summary>The sockets that were kept under this name, now the caller's; empty the second time.</summary>
    IReadOnlyList<int> Take(string name);

    /// <summary>Names under which sockets were kept that nobody took; their descriptors are closed.</summary>
    IReadOnlyList<string> CloseRest();

    void Put(string name, IReadOnlyList<int> descriptors);

    void Remove(string name);
}
