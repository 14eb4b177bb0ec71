using System.Collections.Frozen;
using System.Collections.Immutable;
using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>One policy, compiled. Immutable.</summary>
internal sealed class PolicyRule
{
    private const string EveryUser = "*";
    private const string AnyLabel = "*.";

    private readonly PolicySettings _policy;
    private readonly PolicyDecision _decision;
    private readonly FrozenSet<string> _users;
    private readonly bool _everyUser;
    private readonly FrozenSet<string> _names;
    private readonly ImmutableArray<string> _suffixes;
    private readonly NetworkSet _sources;

    /// <param name="general">What holds where the policy says nothing.</param>
    /// <param name="number">Its place in the file, from 1.</param>
    public PolicyRule(PolicySettings policy, PolicyDecision general, int number)
    {
        _policy = policy;
        _users = policy.Users.ToFrozenSet(StringComparer.Ordinal);
        _everyUser = _users.Contains(EveryUser);
        _names = policy.Sni.Where(name => !name.StartsWith(AnyLabel, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);
        _suffixes = [.. policy.Sni.Where(name => name.StartsWith(AnyLabel, StringComparison.Ordinal)).Select(name => name[1..])];
        _sources = new NetworkSet(policy.Sources);
        _decision = general with
        {
            Allow = policy.Allow,
            UpstreamGroup = policy.UpstreamGroup ?? general.UpstreamGroup,
            FallbackGroup = policy.FallbackGroup,
            AdTag = policy.AdTag ?? general.AdTag,
            Mask = policy.Mask ?? general.Mask,
            Rate = policy.Rate,
            Policy = number,
        };
    }

    public bool Allows => _policy.Allow;

    public bool AsksForUser => _users.Count > 0;

    public bool AsksForDc => !_policy.Dcs.IsEmpty;

    /// <summary>All conditions but the one on the DC.</summary>
    public bool Matches(in PolicySubject subject) =>
        MatchesUser(subject.User) && MatchesName(subject.Sni) && (_sources.IsEmpty || _sources.Contains(subject.Source));

    public bool MatchesDc(short dc) => _policy.Dcs.IsEmpty || _policy.Dcs.Contains(dc);

    public PolicyDecision For(UserSettings? user) => PolicyTable.WithOwn(
        _decision, _policy.UpstreamGroup is null ? user?.Upstreams : null, _policy.AdTag is null ? user?.AdTag : null);

    private bool MatchesUser(UserSettings? user) =>
        !AsksForUser || (user is not null && (_everyUser || _users.Contains(user.Name)));

    private bool MatchesName(string? name)
    {
        if (_policy.Sni.IsEmpty)
        {
            return true;
        }

        if (name is null)
        {
            return false;
        }

        foreach (var suffix in _suffixes)
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return _names.Contains(name);
    }
}
