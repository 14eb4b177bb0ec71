namespace Telemt.Worker.Configuration.Draft;

/// <summary>
/// A part of the configuration before it is read: the parsed file, with misplaced keys lifted and overrides laid over it. The file's own
/// tree stays as the parser made it; a draft is made for one load and thrown away.
/// </summary>
internal abstract class DraftNode(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>What this is, for a message that has to say why it does not fit; never the content, which may be secret.</summary>
    public abstract string Description { get; }
}
