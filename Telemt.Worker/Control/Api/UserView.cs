using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.Configuration;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Api;

/// <summary>Users as the API shows them: what the file says of them, and what they do. Never their secrets.</summary>
internal sealed class UserView(LastGoodMonitor settings, SessionRegistry sessions, UserAccounts accounts, TimeProvider clock)
{
    private const int TagBytes = 8;

    /// <summary>For each loop.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>All users, in the order of the file.</summary>
    public IEnumerable<UserDocument> All(IReadOnlyDictionary<string, UserFigure> figures) =>
        settings.CurrentValue.Users.Users.Select(user => Document(user, figures));

    /// <summary>What they do now.</summary>
    public Task<IReadOnlyDictionary<string, UserFigure>> ReadFiguresAsync(CancellationToken cancellation) => sessions.ReadUsersAsync(Limit, cancellation);

    public int Count => settings.CurrentValue.Users.Users.Length;

    public async Task<UserDocument?> FindAsync(string name, CancellationToken cancellation) =>
        settings.CurrentValue.Users.FindByName(name) is { } user ? Document(user, await ReadFiguresAsync(cancellation)) : null;

    /// <summary>Changes with anything that an edit of the user changes; tells nothing of the secret that goes into it.</summary>
    public static string TagOf(UserSettings user)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{user.Name}\n{SecretText.ToHex(ClientSecret.Classic(user.Secret))}\n{user.Enabled}\n{user.Expires:O}\n{user.AdTag}\n{user.MaxConnections}\n"
            + $"{user.MaxIps}\n{user.IpWindow}\n{user.Quota}\n{user.QuotaPeriod}\n{user.Rate}\n{user.Upstreams}");
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, TagBytes))}\"";
    }

    private UserDocument Document(UserSettings user, IReadOnlyDictionary<string, UserFigure> figures)
    {
        var (figure, report) = (figures.GetValueOrDefault(user.Name), accounts.Report(user));
        return new UserDocument
        {
            Name = user.Name,
            State = StateOf(report),
            Enabled = user.Enabled,
            Expires = user.Expires,
            MaxConnections = user.MaxConnections,
            MaxIps = user.MaxIps,
            IpWindow = user.IpWindow?.TotalSeconds,
            Quota = user.Quota,
            QuotaPeriod = StatusView.Word(user.QuotaPeriod),
            Rate = user.Rate,
            Upstreams = user.Upstreams,
            HasAdTag = user.AdTag is not null,
            Sessions = figure?.Sessions ?? 0,
            Addresses = figure?.Addresses ?? 0,
            Bytes = figure?.Bytes ?? 0,
            PeriodBytes = report.UsedBytes,
            QuotaResetsAt = report.QuotaResetsAt,
            Etag = TagOf(user),
        };
    }

    private string StateOf(UserReport user) => user switch
    {
        { IsEnabled: false } => "disabled",
        { Expires: { } expires } when expires <= clock.GetUtcNow() => "expired",
        { IsQuotaSpent: true } => "spent",
        _ => "enabled",
    };
}
