using Telemt.Core.Settings;

namespace Telemt.Core.Gate;

/// <summary>Who knows what is taken already: asked by the gate of one connection.</summary>
internal interface IAdmission
{
    /// <summary>
    /// Takes a place for this user, or says why there is none. The last of all checks, asked once, behind the replay window: whoever
    /// plays a recorded hello takes nobody's place.
    /// </summary>
    Refusal Admit(UserSettings user);

    /// <summary>Whether this source may cost a scan over all users; one whose bogus hellos were many lately may not for a while.</summary>
    bool MayScan();

    /// <summary>A scan over so many users found nobody.</summary>
    void OnScannedInVain(int users);
}
