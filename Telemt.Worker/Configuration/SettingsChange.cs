using Telemt.Core.Settings;

namespace Telemt.Worker.Configuration;

/// <summary>An edit that has come into force.</summary>
internal sealed record SettingsChange(ProxySettings Before, ProxySettings After, SettingsDiff Diff);
