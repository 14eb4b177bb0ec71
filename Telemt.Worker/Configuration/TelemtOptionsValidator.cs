using Telemt.Worker.Configuration.Rules;

namespace Telemt.Worker.Configuration;

/// <summary>What the keys must mean together. Says every problem, so that one mending is enough.</summary>
internal static class TelemtOptionsValidator
{
    public static void Validate(TelemtOptions options, HostFacts host, ProblemList problems)
    {
        UserRules.Check(options, problems);
        DomainRules.Check(options, problems);
        ListenerRules.Check(options, problems);
        MaskRules.Check(options, host, problems);
        RouteRules.Check(options, problems);
        ControlRules.Check(options, problems);
    }
}
