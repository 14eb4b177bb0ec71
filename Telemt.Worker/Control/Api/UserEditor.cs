using Microsoft.AspNetCore.Http;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Configuration.Toml.Editing;
using Telemt.Worker.Control.Http;

namespace Telemt.Worker.Control.Api;

/// <summary>
/// Edits of users by the page: each is written into telemt.toml, then reloaded like any edit, and answered once it is in force. Several
/// that wait share one reload.
/// </summary>
internal sealed class UserEditor(ConfigurationEditor editor, ConfigurationReloadService reload, LastGoodMonitor settings) : IDisposable
{
    private readonly SemaphoreSlim _reloading = new(1);
    private long _written;
    private long _inForce;

    /// <summary>Adds a user; the name must be free.</summary>
    public Task<Problem?> AddAsync(string name, string secret, IReadOnlyList<(string Key, TomlLiteral Value)> keys, CancellationToken cancellation) =>
        EditAsync((toml, _) => UserEdit.Add(toml, name, secret, keys), cancellation);

    /// <param name="tags">If-Match: tags of the user that the caller has seen, or "*".</param>
    public Task<Problem?> EditAsync(string name, string tags, Func<TomlEditor, EditRefusal?> edit, CancellationToken cancellation) =>
        EditAsync((toml, before) => Check(name, tags, before.Value) ?? edit(toml), cancellation);

    public void Dispose() => _reloading.Dispose();

    private static EditRefusal? Check(string name, string tags, ConfigurationReport before)
    {
        // A file with errors is refused for them, behind the edit.
        if (tags == "*" || before.Settings is not { } settings)
        {
            return null;
        }

        return settings.Users.FindByName(name) switch
        {
            null => new EditRefusal(EditProblem.NotFound, $"there is no user \"{name}\""),
            { } user when tags.Split(',').Any(tag => tag.Trim() == UserView.TagOf(user)) => null,
            _ => new EditRefusal(EditProblem.Changed, $"\"{name}\" was changed since you looked; look again"),
        };
    }

    private async Task<Problem?> EditAsync(Func<TomlEditor, Lazy<ConfigurationReport>, EditRefusal?> edit, CancellationToken cancellation)
    {
        if (settings.CurrentValue.Control.ReadOnly)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "control.read_only is set");
        }

        var result = await editor.EditAsync(edit, cancellation);
        if (result.Refusal is { } refusal)
        {
            return Problem.Of(StatusOf(refusal.Problem), refusal.Text);
        }

        // Once it is written it is done, whether the caller waits or not.
        await ReloadAsync(Interlocked.Increment(ref _written));
        return null;
    }

    private async Task ReloadAsync(long mine)
    {
        await _reloading.WaitAsync(CancellationToken.None);
        try
        {
            if (_inForce < mine)
            {
                var upTo = Interlocked.Read(ref _written);
                reload.Reload(asked: false);
                _inForce = upTo;
            }
        }
        finally
        {
            _reloading.Release();
        }
    }

    private static int StatusOf(EditProblem problem) => problem switch
    {
        EditProblem.NotFound => StatusCodes.Status404NotFound,
        EditProblem.Exists or EditProblem.Broken => StatusCodes.Status409Conflict,
        EditProblem.Changed => StatusCodes.Status412PreconditionFailed,
        EditProblem.Invalid => StatusCodes.Status422UnprocessableEntity,
        EditProblem.Unwritable => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
