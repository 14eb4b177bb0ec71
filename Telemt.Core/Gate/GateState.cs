namespace Telemt.Core.Gate;

/// <summary>
/// Where a connection stands at the gate. One way only:
/// <code>
/// Start → TlsHello → Identified → Admitted → InnerHeader → Ready
/// Start → Header64 → Identified → Admitted → Ready
/// Refused from any but Ready
/// </code>
/// </summary>
internal enum GateState : byte
{
    /// <summary>Nothing told the two kinds of client apart yet.</summary>
    Start,

    /// <summary>A ClientHello is coming in.</summary>
    TlsHello,

    /// <summary>64 bytes of an obfuscated header are coming in.</summary>
    Header64,

    /// <summary>The user is known by what only the secret can make.</summary>
    Identified,

    /// <summary>The user may come in, and has not come in with these very bytes before.</summary>
    Admitted,

    /// <summary>Our ServerHello is out; the obfuscated header comes in records. From here on there is no mask any more.</summary>
    InnerHeader,

    /// <summary>Done: the relay's turn.</summary>
    Ready,

    /// <summary>Done: the mask's turn, or the end.</summary>
    Refused,
}
