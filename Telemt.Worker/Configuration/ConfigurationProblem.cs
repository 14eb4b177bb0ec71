namespace Telemt.Worker.Configuration;

/// <summary>Something that the operator should know about one place of the configuration. Holds no secret.</summary>
/// <param name="Key">Path of the key, such as "timeouts.idle"; empty when the file as a whole is meant.</param>
/// <param name="Problem">What is wrong, without a full stop.</param>
/// <param name="Cure">What to do, without a full stop.</param>
internal sealed record ConfigurationProblem(Origin Origin, string Key, string Problem, string Cure)
{
    public override string ToString() => Key.Length == 0 ? $"{Origin}: {Problem}; {Cure}" : $"{Origin}: {Key}: {Problem}; {Cure}";
}
