using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>The search for the user of an obfuscated2 header, a part at a time; as <see cref="HelloScan"/>.</summary>
internal struct HeaderScan(UserDirectory users, Likely likely)
{
    private Likely _likely = likely;
    private int _next;

    /// <summary>Index of the user once found; else -1.</summary>
    public int User { get; private set; } = -1;

    /// <summary>The framing, once found.</summary>
    public ProtocolTag Tag { get; private set; }

    /// <summary>The DC as the client wrote it (PROTOCOL C.2), once found.</summary>
    public short Dc { get; private set; }

    /// <param name="header">64 bytes as on the wire.</param>
    /// <param name="limit">Users to try in this step; some more may be, since they come in groups.</param>
    public ScanStep Step(ReadOnlySpan<byte> header, int limit)
    {
        foreach (var first in _likely.Users)
        {
            if (users.TryAuthenticateHeader(header, users.Users[first], out var itsTag, out var itsDc))
            {
                (User, Tag, Dc) = (first, itsTag, itsDc);
                return ScanStep.Found;
            }
        }

        _likely = Likely.Nobody;
        User = users.FindHeader(header, ref _next, limit, out var tag, out var dc);
        (Tag, Dc) = User >= 0 ? (tag, dc) : (default, (short)0);
        return User >= 0 ? ScanStep.Found : _next < users.Users.Length ? ScanStep.More : ScanStep.Nobody;
    }
}
