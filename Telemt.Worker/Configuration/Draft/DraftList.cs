namespace Telemt.Worker.Configuration.Draft;

/// <summary>An array, of values or of tables.</summary>
internal sealed class DraftList(Origin origin) : DraftNode(origin)
{
    public List<DraftNode> Items { get; } = [];

    public override string Description => "a list";
}
