namespace Telemt.Worker.Logging;

/// <summary>Short names of log categories, as an operator writes them: a room of the proxy, or a target of the RUST_LOG kind.</summary>
internal static class LogCategory
{
    private const string Own = "Telemt";
    private const string Rooms = Own + ".Worker.";

    /// <summary>
    /// The prefix of category names that is meant: "telemt" is the whole proxy; "sessions", "telemt::sessions" and "telemt.sessions"
    /// are its room Telemt.Worker.Sessions; the platform's names ("Microsoft...", "System...") stay.
    /// </summary>
    public static string Resolve(string name)
    {
        var path = name.Trim().Replace("::", ".", StringComparison.Ordinal);
        if (Same(path, Own) || IsUnder(path, "Microsoft") || IsUnder(path, "System") || IsUnder(path, Own + ".Worker"))
        {
            return path;
        }

        return Rooms + (IsUnder(path, Own) ? path[(Own.Length + 1)..] : path);
    }

    /// <summary>The other way round, for a line of the log: "Sessions" of "Telemt.Worker.Sessions.ConnectionHandler".</summary>
    public static ReadOnlySpan<char> Room(string category)
    {
        if (!category.StartsWith(Rooms, StringComparison.Ordinal))
        {
            return category;
        }

        var path = category.AsSpan(Rooms.Length);
        var dot = path.IndexOf('.');
        return dot < 0 ? path : path[..dot];
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static bool IsUnder(string path, string root) =>
        path.StartsWith(root, StringComparison.OrdinalIgnoreCase) && (path.Length == root.Length || path[root.Length] == '.');
}
