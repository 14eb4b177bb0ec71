namespace Telemt.Core.Settings;

/// <summary>What happens to a right digest with a name that we do not serve.</summary>
internal enum UnknownSni
{
    Mask,
    Accept,
    Drop,
}
