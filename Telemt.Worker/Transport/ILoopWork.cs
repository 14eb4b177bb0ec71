namespace Telemt.Worker.Transport;

/// <summary>Work that waits its turn on a loop, run after the current batch of events.</summary>
internal interface ILoopWork
{
    void Run();
}
