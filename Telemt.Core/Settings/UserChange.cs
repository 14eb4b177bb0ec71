namespace Telemt.Core.Settings;

/// <summary>A user who is there before and after an edit, and not the same.</summary>
internal sealed record UserChange(UserSettings Before, UserSettings After)
{
    public bool HasNewSecret => !Before.Secret.Equals(After.Secret);

    public bool IsDisabled => Before.Enabled && !After.Enabled;

    public bool IsEnabled => !Before.Enabled && After.Enabled;
}
