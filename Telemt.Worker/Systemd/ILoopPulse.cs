namespace Telemt.Worker.Systemd;

/// <summary>Whether the data plane is alive.</summary>
internal interface ILoopPulse
{
    /// <summary>True when every event loop has turned since the last call. Called by one thread, every few seconds.</summary>
    bool EveryLoopTurns();
}
