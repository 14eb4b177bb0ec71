using System.Buffers.Binary;

namespace Telemt.Tests.External.Probing;

/// <summary>All bytes that came back, what ended them, and when: milliseconds from the begin of the connect.</summary>
/// <param name="FirstAt">Of the first byte, or of the end when none came.</param>
internal sealed record Answer(byte[] Bytes, string End, double FirstAt, double EndAt)
{
    /// <summary>What an observer sees of the stream: "22:122 20:1 23:1207" for three records, then "+5" for bytes that are none.</summary>
    public string Shape
    {
        get
        {
            var (shape, at) = (new List<string>(), 0);
            while (at + 5 <= Bytes.Length && Bytes[at] is >= 20 and <= 23 && Bytes[at + 1] == 3)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(at + 3));
                shape.Add($"{Bytes[at]}:{length}");
                at += 5 + length;
            }

            return string.Join(' ', shape) + (at == Bytes.Length ? "" : $" +{Bytes.Length - at}") + " " + End;
        }
    }

    /// <summary>The same without lengths: signatures are not all of one length.</summary>
    public string Outline => string.Join(' ', Shape.Split(' ').Select(part => part.Split(':')[0]));
}
