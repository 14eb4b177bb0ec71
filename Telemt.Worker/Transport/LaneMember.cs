namespace Telemt.Worker.Transport;

/// <summary>One who reads a source and may be made to wait for a rate: a place in the line of a <see cref="LaneFlow"/>.</summary>
internal abstract class LaneMember
{
    /// <summary>The line's own; kept, so that waiting again allocates nothing.</summary>
    internal LinkedListNode<LaneMember>? InLine { get; set; }

    /// <summary>The source may be read again.</summary>
    internal abstract void Turn();
}
