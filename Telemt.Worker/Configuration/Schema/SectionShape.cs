namespace Telemt.Worker.Configuration.Schema;

/// <summary>How a section stands in the file.</summary>
internal enum SectionShape
{
    /// <summary>[timeouts] with keys of ours.</summary>
    Table,

    /// <summary>[users], [dc_overrides]: the names are the operator's, or numbers; their values may be tables with keys of ours.</summary>
    Named,

    /// <summary>[[listeners]]: any number of tables.</summary>
    List,
}
