namespace Telemt.Core.Settings;

/// <summary>Which group our ServerHello answers with.</summary>
internal enum KeyShareChoice
{
    /// <summary>As the mask host would.</summary>
    Auto,
    X25519,

    /// <summary>Whoever sent such a key gets one, whatever the host does.</summary>
    X25519MlKem768,
}
