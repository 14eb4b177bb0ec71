namespace Telemt.Worker.Configuration.Editing;

/// <summary>What came of an edit: the report of the file as it is now, or why it stays as it was.</summary>
internal sealed record EditResult(ConfigurationReport? Report, EditRefusal? Refusal)
{
    public static EditResult Done(ConfigurationReport report) => new(report, null);

    public static EditResult Refused(EditProblem problem, string text) => new(null, new EditRefusal(problem, text));
}
