using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Telemt.Worker.Links;

namespace Telemt.Tests.Worker.Links;

internal sealed class FakeLookup : IAddressLookup
{
    private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();

    public IPAddress? Answer { get; set; }

    /// <summary>When set, the answer comes from it and in its time.</summary>
    public TaskCompletionSource<IPAddress?>? Held { get; set; }

    /// <summary>Whom it was to ask, in order.</summary>
    public ConcurrentQueue<Uri?> Urls { get; } = [];

    /// <summary>How often it was asked beyond what <see cref="AskedAsync"/> has waited for.</summary>
    public int Unseen => _asked.Reader.Count;

    public Task<IPAddress?> FindAsync(Uri? url, CancellationToken cancellationToken)
    {
        Urls.Enqueue(url);
        _asked.Writer.TryWrite(true);
        return Held?.Task ?? Task.FromResult(Answer);
    }

    /// <summary>Completes when it has been asked once more.</summary>
    public Task AskedAsync() => _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
