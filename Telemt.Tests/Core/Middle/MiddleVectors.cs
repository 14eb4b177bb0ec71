using System.Net;
using System.Text.Json;
using Telemt.Core.Middle;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Middle;

/// <summary>What other implementations made and recorded.</summary>
internal static class MiddleVectors
{
    public static readonly byte[] SecretBytes = Vectors.Load("proxy_config").Hex("default_proxy_secret_2018");

    public static MiddleSecret Secret(byte[] bytes) =>
        MiddleSecret.TryCreate(bytes, out var secret) ? secret : throw new InvalidDataException("no secret");

    public static IEnumerable<JsonElement> Keys() => Vectors.Load("middle_proxy_keys").GetProperty("vectors").EnumerateArray();

    public static IEnumerable<JsonElement> Frames() => Vectors.Load("middle_proxy_frames").GetProperty("frames").EnumerateArray();

    /// <summary>Sessions of the official server; the last one with CRC-32C.</summary>
    public static IEnumerable<JsonElement> Sessions()
    {
        var file = Vectors.Load("middle_proxy_frames");
        return file.GetProperty("sessions").EnumerateArray().Append(file.GetProperty("session_crc32c"));
    }

    public static bool HasCrc32C(JsonElement session) => session.GetProperty("name").GetString()!.Contains("CRC-32C", StringComparison.Ordinal);

    public static IEnumerable<JsonElement> Events(JsonElement session, string direction) =>
        session.GetProperty("events").EnumerateArray().Where(item => item.GetProperty("dir").GetString() == direction);

    public static byte[] Cipher(JsonElement session, string direction) =>
        [.. Events(session, direction).SelectMany(item => item.Hex("cipher"))];

    public static byte[] Plain(JsonElement session, string direction) =>
        [.. Events(session, direction).SelectMany(item => item.Hex("plain"))];

    public static IPEndPoint EndPoint(string text) => IPEndPoint.Parse(text);
}
