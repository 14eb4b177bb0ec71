namespace Telemt.Worker.Configuration;

/// <summary>Collects every problem of one load, so that an operator mends a file in one go.</summary>
internal sealed class ProblemList
{
    public List<ConfigurationProblem> Errors { get; } = [];

    public List<ConfigurationProblem> Warnings { get; } = [];

    public void Error(Origin origin, string key, string problem, string cure) => Errors.Add(new(origin, key, problem, cure));

    public void Warning(Origin origin, string key, string problem, string cure) => Warnings.Add(new(origin, key, problem, cure));
}
