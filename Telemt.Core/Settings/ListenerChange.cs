namespace Telemt.Core.Settings;

/// <summary>A listener that stays bound over an edit, which may have changed what else there is to it.</summary>
internal sealed record ListenerChange(ListenerSettings Before, ListenerSettings After);
