namespace Telemt.Worker.Configuration.Draft;

/// <summary>What a single value is.</summary>
internal enum DraftKind
{
    Text,
    Integer,
    Float,
    Boolean,

    /// <summary>Date with time and offset.</summary>
    Moment,

    /// <summary>Date with time, without offset.</summary>
    LocalMoment,

    Date,
    Time,

    /// <summary>The text of an environment variable or option, which takes the type that its key asks for.</summary>
    Untyped,
}
