namespace Telemt.Core.Middle;

/// <summary>The first four bytes of a message's body (PROTOCOL F.7).</summary>
internal static class RpcType
{
    public const uint ProxyRequest = 0x36cef1ee;
    public const uint ProxyAnswer = 0x4403da0d;
    public const uint SimpleAck = 0x3bac409b;
    public const uint CloseExternal = 0x5eb634a2;
    public const uint CloseConnection = 0x1fcf425d;
    public const uint Ping = 0x5730a2df;
    public const uint Pong = 0x8430eaa7;
}
