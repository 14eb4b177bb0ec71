using System.Collections.Immutable;
using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>
/// The operator's policies in the order of the file: the first that matches decides, and where none does everybody is served as
/// everybody. Immutable; safe for any thread.
/// </summary>
/// <remarks>
/// In fake TLS a client names its DC behind our first byte, when a refusal can no longer be masked: what is refused whatever the DC may
/// be is refused before (<see cref="RefusalForAnyDc"/>), the rest when the DC is known (<see cref="Decide"/>).
/// </remarks>
internal sealed class PolicyTable
{
    private readonly PolicyRule[] _rules;
    private readonly PolicyDecision _general;

    /// <param name="policies">In the order of the file.</param>
    /// <param name="mask">Where strangers go without a policy.</param>
    /// <param name="adTag">For who has none of his own.</param>
    public PolicyTable(ImmutableArray<PolicySettings> policies, MaskSettings mask, string? adTag)
    {
        _general = new PolicyDecision { Mask = mask, AdTag = adTag };
        _rules = [.. policies.Select((policy, index) => new PolicyRule(policy, _general, index + 1))];
    }

    /// <param name="dc">What the client's traffic will go to: an index that no table knows stands for the default DC.</param>
    public PolicyDecision Decide(in PolicySubject subject, short dc)
    {
        foreach (var rule in _rules)
        {
            if (rule.Matches(subject) && rule.MatchesDc(dc))
            {
                return rule.For(subject.User);
            }
        }

        return WithOwn(_general, subject.User?.Upstreams, subject.User?.AdTag);
    }

    /// <summary>The refusal that is certain before the DC is known, or null while some DC would be served.</summary>
    public PolicyDecision? RefusalForAnyDc(in PolicySubject subject)
    {
        PolicyDecision? first = null;
        foreach (var rule in _rules)
        {
            if (!rule.Matches(subject))
            {
                continue;
            }

            if (rule.Allows)
            {
                return null;
            }

            first ??= rule.For(subject.User);
            if (!rule.AsksForDc)
            {
                return first;
            }
        }

        return null;
    }

    /// <summary>
    /// For who is not served for any other reason: the first policy that asks neither for a user nor for a DC. Nothing that a secret
    /// gives away counts, or a recorded hello would lead elsewhere than one with a wrong secret, and tell that it was real.
    /// </summary>
    public PolicyDecision ForStranger(string? sni, ClientAddress source)
    {
        var subject = new PolicySubject(null, sni, source);
        foreach (var rule in _rules)
        {
            if (!rule.AsksForUser && !rule.AsksForDc && rule.Matches(subject))
            {
                return rule.For(null);
            }
        }

        return _general;
    }

    /// <summary>Most users have nothing of their own, and their sessions share one decision.</summary>
    internal static PolicyDecision WithOwn(PolicyDecision decision, string? upstreams, string? adTag) =>
        upstreams is null && adTag is null
            ? decision
            : decision with { UpstreamGroup = upstreams ?? decision.UpstreamGroup, AdTag = adTag ?? decision.AdTag };
}
