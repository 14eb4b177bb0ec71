using System.Collections.Concurrent;
using Telemt.Core.Settings;
using Telemt.Core.Status;

namespace Telemt.Core.Policy;

/// <summary>
/// The accounts of all users, by name: made when one comes in or was there before, and kept when he is taken out of the file, so that
/// who is put back has not won a fresh quota. Only names that the operator wrote get in. Safe for any thread.
/// </summary>
internal sealed class UserAccounts(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, UserAccount> _accounts = new(StringComparer.Ordinal);

    public IEnumerable<UserAccount> All => _accounts.Values;

    public UserAccount Of(string name) => _accounts.TryGetValue(name, out var account) ? account : Add(name);

    /// <returns>False when nobody of that name was ever here.</returns>
    public bool ResetTraffic(string name)
    {
        if (!_accounts.TryGetValue(name, out var account))
        {
            return false;
        }

        account.Traffic.Reset(clock.GetUtcNow());
        return true;
    }

    /// <summary>What a user of the settings holds and has used.</summary>
    public UserReport Report(UserSettings user)
    {
        var now = clock.GetUtcNow();
        var account = _accounts.GetValueOrDefault(user.Name);
        return new UserReport
        {
            Name = user.Name,
            IsEnabled = user.Enabled,
            Expires = user.Expires,
            Sessions = account?.Sessions ?? 0,
            MostSessions = user.MaxConnections,
            Addresses = account?.CountAddresses(user.IpWindow) ?? 0,
            MostAddresses = user.MaxIps,
            TotalBytes = account?.Traffic.Total ?? 0,
            Period = user.QuotaPeriod,
            UsedBytes = account?.Traffic.Used(user.QuotaPeriod, now) ?? 0,
            Quota = user.Quota,
            QuotaResetsAt = UserTraffic.ResetAt(user.QuotaPeriod, now),
        };
    }

    private UserAccount Add(string name) => _accounts.GetOrAdd(name, static (key, time) => new UserAccount(key, time), clock);
}
