namespace Telemt.Worker.State;

/// <summary>
/// Says that some user has moved bytes since it was last waited for. Setting it again costs a look. Nothing to dispose of: sessions may
/// end behind all services.
/// </summary>
internal sealed class TrafficSignal
{
    private readonly SemaphoreSlim _set = new(0);
    private int _isSet;

    public void Set()
    {
        if (Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _set.Release();
        }
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        await _set.WaitAsync(cancellation);
        Volatile.Write(ref _isSet, 0);
    }
}
