namespace Telemt.Core.Settings;

/// <summary>How an upstream reaches Telegram.</summary>
internal enum UpstreamKind
{
    Direct,
    Socks4,
    Socks5,
}
