namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>Constructor numbers of the TL schema, as far as the fake Telegram speaks it.</summary>
internal static class Tl
{
    public const uint Vector = 0x1cb5c415;
    public const uint True = 0x997275b5;

    // The key exchange.
    public const uint ReqPq = 0x60469778;
    public const uint ReqPqMulti = 0xbe7e8ef1;
    public const uint ResPq = 0x05162463;
    public const uint PqInnerData = 0x83c95aec;
    public const uint PqInnerDataDc = 0xa9f55f95;
    public const uint PqInnerDataTemp = 0x3c6a84d4;
    public const uint PqInnerDataTempDc = 0x56fddf88;
    public const uint ReqDhParams = 0xd712e4be;
    public const uint ServerDhParamsOk = 0xd0e8075c;
    public const uint ServerDhInnerData = 0xb5890dba;
    public const uint SetClientDhParams = 0xf5045f1f;
    public const uint ClientDhInnerData = 0x6643b654;
    public const uint DhGenOk = 0x3bcbf734;

    // Service messages inside an encrypted session.
    public const uint Container = 0x73f1f8dc;
    public const uint GzipPacked = 0x3072cfa1;
    public const uint MsgsAck = 0x62d6b459;
    public const uint HttpWait = 0x9299359f;
    public const uint MsgsStateReq = 0xda69fb52;
    public const uint MsgsStateInfo = 0x04deb57d;
    public const uint Ping = 0x7abe77ec;
    public const uint PingDelayDisconnect = 0xf3427b8c;
    public const uint Pong = 0x347773c5;
    public const uint GetFutureSalts = 0xb921bd04;
    public const uint FutureSalts = 0xae500895;
    public const uint DestroySession = 0xe7512126;
    public const uint DestroySessionNone = 0x62d350c9;
    public const uint RpcDropAnswer = 0x58e4a740;
    public const uint RpcAnswerUnknown = 0x5e2ad36e;
    public const uint NewSessionCreated = 0x9ec20908;
    public const uint RpcResult = 0xf35c6d01;
    public const uint RpcError = 0x2144ca19;

    // Calls and what they are wrapped in.
    public const uint InvokeWithLayer = 0xda9b0d0d;
    public const uint InvokeWithoutUpdates = 0xbf9459b7;
    public const uint InitConnection = 0xc1cd5ea9;
    public const uint JsonNull = 0x3f6d7b68;
    public const uint JsonBool = 0xc7345e6a;
    public const uint JsonNumber = 0x2be0dfa4;
    public const uint JsonString = 0xb71e767a;
    public const uint JsonArray = 0xf7444763;
    public const uint JsonObject = 0x99c1d49d;
    public const uint BindTempAuthKey = 0xcdd42a05;
    public const uint GetNearestDc = 0x1fb33026;
    public const uint NearestDc = 0x8e1a1775;
    public const uint GetConfig = 0xc4f9186b;
    public const uint Config = 0xcc1a241e;
    public const uint DcOption = 0x18b7a10d;
}
