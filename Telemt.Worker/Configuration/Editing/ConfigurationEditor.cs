using System.Runtime.Versioning;
using Telemt.Worker.Configuration.Toml;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>
/// Edits telemt.toml for the page and for `telemt users`: reads it, changes what the edit says, checks the whole as a reload would,
/// and puts the new file in its place. One edit at a time, in this process and among processes; what an operator saves in between is
/// never overwritten.
/// </summary>
internal sealed class ConfigurationEditor(SettingsLoader loader) : IDisposable
{
    /// <summary>How often an operator's editor may come in between.</summary>
    private const int Attempts = 5;

    private const int ErrorsShown = 5;

    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(10);

    private const string NotHere = "telemt edits its file on Linux only: use an editor";

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Why no edit is possible now, with a cure; or null.</summary>
    public string? WhyNot() => OperatingSystem.IsLinux() ? ReplaceableFile.WhyNot(loader.Path) : NotHere;

    /// <param name="edit">Changes the document, or says why not. Gets what the file means before the edit, read when asked for. May be called again.</param>
    public async Task<EditResult> EditAsync(Func<TomlEditor, Lazy<ConfigurationReport>, EditRefusal?> edit, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return EditResult.Refused(EditProblem.Unwritable, NotHere);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            var path = ReplaceableFile.Resolve(loader.Path);
            using var folder = await FolderLock.TakeAsync(ReplaceableFile.FolderOf(path), LockLimit, cancellation);
            for (var attempt = 0; folder is not null && attempt < Attempts; attempt++)
            {
                if (TryEdit(path, edit) is { } result)
                {
                    folder.Flush();
                    return result;
                }
            }

            return EditResult.Refused(EditProblem.Busy, $"{loader.Path} is being edited by others; try again");
        }
        catch (FileEditException failure)
        {
            return EditResult.Refused(EditProblem.Unwritable, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return EditResult.Refused(EditProblem.Unwritable, $"{loader.Path} cannot be edited: {failure.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <returns>Null when the file changed meanwhile.</returns>
    [SupportedOSPlatform("linux")]
    private EditResult? TryEdit(string path, Func<TomlEditor, Lazy<ConfigurationReport>, EditRefusal?> edit)
    {
        var file = ReplaceableFile.Read(path);
        var before = new Lazy<ConfigurationReport>(() => loader.Read(file.Content), LazyThreadSafetyMode.None);
        TomlEditor editor;
        try
        {
            editor = new TomlEditor(file.Content);
            if (edit(editor, before) is { } refusal)
            {
                return new EditResult(null, refusal);
            }
        }
        catch (TomlException)
        {
            return Broken(before.Value);
        }
        catch (Exception failure) when (failure is TomlEditException or ArgumentException)
        {
            return EditResult.Refused(EditProblem.Invalid, failure.Message);
        }

        if (editor.Text.SequenceEqual(file.Content))
        {
            return before.Value.IsValid ? EditResult.Done(before.Value) : Broken(before.Value);
        }

        if (editor.Text.Length > TomlContent.MaxLength)
        {
            return EditResult.Refused(EditProblem.Invalid, $"the file would be larger than {TomlContent.MaxLength >> 20} MiB");
        }

        var after = loader.Read(editor.Text.ToArray());
        if (!after.IsValid)
        {
            return before.Value.IsValid ? EditResult.Refused(EditProblem.Invalid, Errors(after)) : Broken(before.Value);
        }

        return file.TryReplace(editor.Text) ? EditResult.Done(after) : null;
    }

    private static EditResult Broken(ConfigurationReport report) =>
        EditResult.Refused(EditProblem.Broken, "the file has errors as it is, mend them first: " + Errors(report));

    private static string Errors(ConfigurationReport report) => string.Join("; ", report.Errors.Take(ErrorsShown));
}
