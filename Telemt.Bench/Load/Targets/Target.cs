namespace Telemt.Bench.Load.Targets;

/// <summary>Something to put the load on.</summary>
internal abstract class Target
{
    /// <summary>For tables and --targets.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it expects MTProto's handshakes, or takes any bytes.</summary>
    public abstract bool IsProxy { get; }

    /// <summary>Users that it knows, where it is a proxy of ours: see <see cref="TelemtTarget.KeyOf"/>.</summary>
    public virtual int Users => 1;

    /// <summary>Writes what it needs into the folder and says how to start it.</summary>
    public abstract TargetCommand Prepare(Place place);
}
