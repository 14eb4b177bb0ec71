using System.Net;

namespace Telemt.Core.Routing;

/// <summary>One way to one address of a DC: what is known of it. Lives as long as both are in the settings.</summary>
internal sealed class PathState(UpstreamState upstream, EndPoint target)
{
    private long _mute;
    private volatile bool _isMute;

    public UpstreamState Upstream { get; } = upstream;

    public EndPoint Target { get; } = target;

    public Health Health { get; } = new();

    public LatencyTrack Connect { get; } = new();

    /// <summary>From the question of a probe to its answer.</summary>
    public LatencyTrack Answer { get; } = new();

    /// <summary>Sessions whose DC stayed mute here.</summary>
    public long Mute => Interlocked.Read(ref _mute);

    /// <summary>The last session that spoke here got no answer, and nobody has since: that it takes connections says nothing.</summary>
    public bool IsMute => _isMute;

    public void OnMute()
    {
        _isMute = true;
        Interlocked.Increment(ref _mute);
    }

    public void OnAnswer() => _isMute = false;
}
