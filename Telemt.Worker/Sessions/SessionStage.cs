namespace Telemt.Worker.Sessions;

/// <summary>Where a session stands; each has its list, oldest first, and its count.</summary>
internal enum SessionStage : byte
{
    /// <summary>No complete hello yet, or one that nobody answers: makes room for others when room is short.</summary>
    Stranger,

    /// <summary>Authenticated: on its way to the DC, or relayed.</summary>
    Client,

    /// <summary>Handed through to the mask host.</summary>
    Masked,
    Ended,
}
