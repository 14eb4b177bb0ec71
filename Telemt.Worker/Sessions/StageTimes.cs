namespace Telemt.Worker.Sessions;

/// <summary>When a session reached each stage, in milliseconds since its accept; 0 of a stage that it has not reached.</summary>
internal struct StageTimes
{
    /// <summary>Its hello was whole and known: fake TLS alone answers one.</summary>
    public int Hello { get; set; }

    /// <summary>It is known whose it is.</summary>
    public int Admitted { get; set; }

    /// <summary>Its DC, or a middle proxy, is there.</summary>
    public int Dialled { get; set; }

    public int Answered { get; set; }
}
