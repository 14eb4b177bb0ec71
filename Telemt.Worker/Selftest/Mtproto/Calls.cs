using System.IO.Compression;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>The calls that the fake Telegram answers, out of whatever they are wrapped in.</summary>
internal static class Calls
{
    /// <param name="query">What stands behind a message's header, if it is no service message.</param>
    /// <param name="dc">What the connection's header named.</param>
    /// <returns>The result's TL object; an rpc_error for whatever we do not know.</returns>
    public static byte[] Answer(ReadOnlySpan<byte> query, short dc, TimeProvider clock)
    {
        var reader = new TlReader(query);
        switch (reader.Constructor())
        {
            case Tl.InvokeWithLayer:
                reader.Int();
                return Answer(reader.Rest, dc, clock);
            case Tl.InvokeWithoutUpdates:
                return Answer(reader.Rest, dc, clock);
            case Tl.InitConnection:
                SkipInitConnection(ref reader);
                return Answer(reader.Rest, dc, clock);
            case Tl.GzipPacked:
                return Answer(Unpack(reader.Bytes()), dc, clock);
            case Tl.GetNearestDc:
                return new TlWriter(Tl.NearestDc).Text("NL").Int(DcNumber(dc)).Int(DcNumber(dc)).ToArray();
            case Tl.GetConfig:
                return Config(DcNumber(dc), (int)clock.GetUtcNow().ToUnixTimeSeconds());
            case Tl.BindTempAuthKey:
                return new TlWriter(Tl.True).ToArray();
            case var other:
                return new TlWriter(Tl.RpcError).Int(400).Text($"METHOD_{other:X8}_UNKNOWN").ToArray();
        }
    }

    internal static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        using var stream = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    private static int DcNumber(short dc) => Math.Abs(dc) % 10_000;

    /// <summary>flags | api id | six strings | proxy if bit 0 | JSON if bit 1 | query.</summary>
    private static void SkipInitConnection(ref TlReader reader)
    {
        var flags = reader.Int();
        reader.Int();
        for (var i = 0; i < 6; i++)
        {
            reader.Bytes();
        }

        if ((flags & 1) != 0)
        {
            reader.Constructor();
            reader.Bytes();
            reader.Int();
        }

        if ((flags & 2) != 0)
        {
            SkipJson(ref reader);
        }
    }

    private static void SkipJson(ref TlReader reader)
    {
        switch (reader.Constructor())
        {
            case Tl.JsonNull:
                break;
            case Tl.JsonBool:
                reader.Constructor();
                break;
            case Tl.JsonNumber:
                reader.Long();
                break;
            case Tl.JsonString:
                reader.Bytes();
                break;
            case Tl.JsonArray:
                reader.Constructor();
                for (var left = reader.Int(); left > 0; left--)
                {
                    SkipJson(ref reader);
                }

                break;
            case Tl.JsonObject:
                reader.Constructor();
                for (var left = reader.Int(); left > 0; left--)
                {
                    reader.Constructor();
                    reader.Bytes();
                    SkipJson(ref reader);
                }

                break;
            default:
                throw new InvalidDataException("not a JSONValue");
        }
    }

    /// <summary>One DC, this one, and plausible limits: a client only wants to read it.</summary>
    private static byte[] Config(int dc, int now)
    {
        const int BoolFalse = unchecked((int)0xbc799737);
        var writer = new TlWriter(Tl.Config)
            .Int(0).Int(now).Int(now + 3600).Int(BoolFalse).Int(dc)
            .Int(unchecked((int)Tl.Vector)).Int(1)
            .Int(unchecked((int)Tl.DcOption)).Int(0).Int(dc).Text("127.0.0.1").Int(443)
            .Text("");

        // chat_size_max to channels_read_media_period, then four call time-outs.
        foreach (var limit in (ReadOnlySpan<int>)[200, 200_000, 100, 210_000, 5_000, 30_000, 300_000, 30_000, 1_500, 60_000, 2])
        {
            writer.Int(limit);
        }

        foreach (var limit in (ReadOnlySpan<int>)[172_800, 172_800, 2_147_483_647, 2_419_200, 200, 604_800])
        {
            writer.Int(limit);
        }

        return writer.Int(20_000).Int(90_000).Int(30_000).Int(10_000).Text("https://t.me/").Int(1_024).Int(4_096).Int(dc).ToArray();
    }
}
