namespace Telemt.Core.Fronting;

/// <summary>
/// Android compares the nine bytes behind the ServerHello as soon as that is complete, whether they have arrived or not (PROTOCOL D.6): a
/// read that ends there ends the connection. Reads end where segments do. With an ML-KEM share the ServerHello is 1,215 bytes long, and
/// a segment of IPv6's least MTU ends just behind it.
/// </summary>
internal static class SegmentBorder
{
    private const int First = 1_215;
    private const int Last = 1_225;

    /// <param name="segmentSize">Payload bytes of a full segment towards the client; 0 when it is not known.</param>
    public static bool CutsLongHello(int segmentSize) => segmentSize > 0 && Last / segmentSize * segmentSize >= First;
}
