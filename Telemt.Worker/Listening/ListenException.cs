namespace Telemt.Worker.Listening;

/// <summary>The start failed: one line for each listener that could not be opened, with its cure.</summary>
internal sealed class ListenException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
