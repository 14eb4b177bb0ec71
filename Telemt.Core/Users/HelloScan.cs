namespace Telemt.Core.Users;

/// <summary>
/// The search for the user of a hello, a part at a time, so that a bogus one among thousands of users does not hold up its loop's
/// other sessions. Ask until the answer is not <see cref="ScanStep.More"/>, with the same record each time.
/// </summary>
internal struct HelloScan(UserDirectory users, Likely likely)
{
    private Likely _likely = likely;
    private int _next;

    /// <summary>Index of the user once found; else -1.</summary>
    public int User { get; private set; } = -1;

    /// <summary>Unix seconds that the client claims, once found.</summary>
    public uint Time { get; private set; }

    /// <param name="record">The whole ClientHello record.</param>
    /// <param name="limit">Users to try in this step; some more may be, since they come in groups.</param>
    public ScanStep Step(ReadOnlySpan<byte> record, int limit)
    {
        if (!HelloDigest.IsIn(record))
        {
            return ScanStep.Nobody;
        }
        foreach (var first in _likely.Users)
        {
            if (HelloDigest.Matches(record, users.Users[first].Secret, out var claimed))
            {
                (User, Time) = (first, claimed);
                return ScanStep.Found;
            }
        }

        _likely = Likely.Nobody;
        User = users.FindHello(record, ref _next, limit, out var time);
        Time = time;
        return User >= 0 ? ScanStep.Found : _next < users.Users.Length ? ScanStep.More : ScanStep.Nobody;
    }
}
