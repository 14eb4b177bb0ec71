namespace Telemt.Core.Gate;

/// <summary>The way to one client, as far as an answer depends on it.</summary>
internal interface IClientPath
{
    /// <summary>Payload bytes of a full segment towards the client; 0 when it is not known.</summary>
    int SegmentSize { get; }
}
