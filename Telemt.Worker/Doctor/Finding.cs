namespace Telemt.Worker.Doctor;

/// <summary>How much a finding matters; the worst decides the exit code.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Good to know; nothing has to be done.</summary>
    Note,

    /// <summary>It works, but less well or less hidden than it could.</summary>
    Warning,

    /// <summary>Clients are refused, or soon will be.</summary>
    Error,
}

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Check">Which check it is of.</param>
/// <param name="Text">What is so, with its cause.</param>
/// <param name="Cure">What to do; null where there is nothing to do.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Text, string? Cure);
