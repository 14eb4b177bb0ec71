namespace Telemt.Worker.Sessions;

/// <summary>What one loop counts at one moment.</summary>
/// <param name="Up">Bytes of clients to their DCs since the start, of sessions that run and that ended.</param>
/// <param name="Held">Bytes that wait for slow readers.</param>
/// <param name="Lag">From the question to the answer: how long work waits on this loop.</param>
internal readonly record struct LoopSample(long Accepted, long Admitted, long Masked, long Evicted, long Up, long Down, long Held, TimeSpan Lag);
