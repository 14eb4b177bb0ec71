namespace Telemt.Bench.Load.Traffic;

/// <summary>What has happened so far, counted where it arrives. One thread.</summary>
internal sealed class Tally
{
    public long DownBytes { get; set; }

    public long UpBytes { get; set; }

    /// <summary>Clients that got through to the DC and saw its first bytes (or, if they only send, were let in).</summary>
    public int Opened { get; set; }

    /// <summary>Connections that the DC has now.</summary>
    public int AtDc { get; set; }

    /// <summary>Clients that were ended by somebody else.</summary>
    public int Broken { get; set; }

    /// <summary>Requests answered in full.</summary>
    public long Answers { get; set; }
}
