using System.Security;

namespace Telemt.Worker.Configuration;

/// <summary>Says why a file could not be read, and what to do.</summary>
internal static class FileProblem
{
    /// <summary>True for what a path or a disk may do to a reader.</summary>
    public static bool IsOne(Exception failure)
        => failure is IOException or InvalidDataException or UnauthorizedAccessException or SecurityException or ArgumentException
            or NotSupportedException;

    public static ConfigurationProblem Of(string path, Exception failure)
    {
        var origin = new Origin(path, 0, 0);
        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException =>
                new(origin, "", "there is no such file", "name another, or let `telemt init` write one"),
            UnauthorizedAccessException when Directory.Exists(path) =>
                new(origin, "", "is a directory", "name the file in it"),
            UnauthorizedAccessException =>
                new(origin, "", "may not be read by this user", "give the user who runs telemt the right to read it"),
            _ => new(origin, "", $"cannot be read: {failure.Message}", "look at the file and its disk"),
        };
    }
}
