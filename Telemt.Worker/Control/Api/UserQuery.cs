using System.Globalization;
using Microsoft.AspNetCore.Http;
using Telemt.Worker.Control.Http;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Api;

/// <summary>Which users a list shows, and in which order.</summary>
/// <param name="Text">Part of the name; case does not matter.</param>
/// <param name="State">Only users of this state; empty for all.</param>
internal sealed record UserQuery(string Text, string State, string Sort, bool IsDescending, int Offset, int Limit)
{
    private static readonly string[] States = ["", "enabled", "disabled", "expired", "spent", "active"];

    public static UserQuery? Parse(IQueryCollection query, out Problem? problem)
    {
        problem = null;
        var sort = query["sort"].ToString();
        var (isDescending, key) = sort.StartsWith('-') ? (true, sort[1..]) : (false, sort);
        var state = query["state"].ToString();
        if (KeyOf(key) is null || !States.Contains(state)
            || !TryNumber(query["offset"], 0, out var offset) || !TryNumber(query["limit"], int.MaxValue, out var limit))
        {
            problem = Problem.Of(
                StatusCodes.Status400BadRequest,
                "sort is file, name, sessions, addresses, bytes, used or expires, with - before it for the other way round; state is enabled, "
                + "disabled, expired, spent or active; offset and limit are whole numbers");
            return null;
        }

        return new UserQuery(query["query"].ToString(), state, key, isDescending, offset, limit);
    }

    public (IEnumerable<UserDocument> Users, int Matched, int Total) Apply(UserView view, IReadOnlyDictionary<string, UserFigure> figures)
    {
        var total = view.Count;
        if (Text.Length == 0 && State.Length == 0 && Sort is "" or "file" && !IsDescending)
        {
            return (view.All(figures).Skip(Offset).Take(Limit), total, total);
        }

        var matching = view.All(figures)
            .Where(user => Text.Length == 0 || user.Name.Contains(Text, StringComparison.OrdinalIgnoreCase))
            .Where(user => State.Length == 0 || (State == "active" ? user.Sessions > 0 : user.State == State))
            .ToList();
        var key = KeyOf(Sort)!;
        if (Sort is not ("" or "file"))
        {
            // Those without a value come last either way; equal ones stay in the order of the file.
            matching = [.. IsDescending
                ? matching.OrderBy(user => key(user) is null).ThenByDescending(key)
                : matching.OrderBy(user => key(user) is null).ThenBy(key)];
        }
        else if (IsDescending)
        {
            matching.Reverse();
        }

        return (matching.Skip(Offset).Take(Limit), matching.Count, total);
    }

    private static Func<UserDocument, IComparable?>? KeyOf(string sort) => sort switch
    {
        "" or "file" => static _ => 0,
        "name" => static user => user.Name.ToLowerInvariant(),
        "sessions" => static user => user.Sessions,
        "addresses" => static user => user.Addresses,
        "bytes" => static user => user.Bytes,
        "used" => static user => user.Quota is { } quota && user.PeriodBytes is { } used ? (double)used / quota : null,
        "expires" => static user => user.Expires,
        _ => null,
    };

    private static bool TryNumber(string? text, int none, out int number)
    {
        number = none;
        return string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
