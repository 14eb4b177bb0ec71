namespace Telemt.Core.Routing;

internal enum HealthState
{
    /// <summary>Never tried: used like one that is up.</summary>
    Unknown,

    Up,

    /// <summary>Avoided while there is another.</summary>
    Down,
}
