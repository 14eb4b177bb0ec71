using System.Threading.Channels;

namespace Telemt.Worker.State;

/// <summary>Says that some user has moved bytes since it was last waited for. Setting it again costs a look. Any thread may set it.</summary>
internal sealed class TrafficSignal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _isSet;

    public void Set()
    {
        if (Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _set.Writer.TryWrite(true);
        }
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        await _set.Reader.ReadAsync(cancellation);
        Volatile.Write(ref _isSet, 0);
    }
}
