namespace Telemt.Bench.Load.Targets;

/// <summary>Where a target is to run.</summary>
/// <param name="Port">Its own, on 127.0.0.1.</param>
/// <param name="DcPort">The load's Telegram, on 127.0.0.1.</param>
/// <param name="Folder">For its configuration and log; deleted afterwards.</param>
/// <param name="Threads">As many data-plane threads as it shall have.</param>
internal sealed record Place(int Port, int DcPort, string Folder, int Threads);
