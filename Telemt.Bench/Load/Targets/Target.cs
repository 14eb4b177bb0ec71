namespace Telemt.Bench.Load.Targets;

/// <summary>Something to put the load on.</summary>
internal abstract class Target
{
    /// <summary>For tables and --targets.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it expects MTProto's handshakes, or takes any bytes.</summary>
    public abstract bool IsProxy { get; }

    /// <summary>Writes what it needs into the folder and says how to start it.</summary>
    public abstract TargetCommand Prepare(Place place);
}
