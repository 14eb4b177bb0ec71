namespace Telemt.Worker.Cli;

/// <summary>What a script learns from a verb that has ended.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>`check`: the file works, with warnings. Elsewhere: the verb could not do its work.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or the command line has errors; trying again does not help.</summary>
    public const int Refused = 2;
}
