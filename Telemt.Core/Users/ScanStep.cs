namespace Telemt.Core.Users;

/// <summary>How a scan over the users stands.</summary>
internal enum ScanStep : byte
{
    /// <summary>Users are left to try.</summary>
    More,

    /// <summary>This is the user.</summary>
    Found,

    /// <summary>It is nobody's.</summary>
    Nobody,
}
