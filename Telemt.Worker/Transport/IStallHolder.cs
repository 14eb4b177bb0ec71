namespace Telemt.Worker.Transport;

/// <summary>Something that holds bytes of the loop's budget until somebody else moves; a place in <see cref="StallList"/>.</summary>
internal interface IStallHolder
{
    /// <summary>Whose share of the budget it takes: the user's, over all his sessions.</summary>
    object Payer { get; }

    /// <summary>Bytes held.</summary>
    long Backlog { get; }

    IStallHolder? StalledBefore { get; set; }

    IStallHolder? StalledAfter { get; set; }

    /// <summary>The budget is spent, and nobody has waited longer.</summary>
    void EndForMemory();
}
