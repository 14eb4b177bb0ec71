using System.Text;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Import;

/// <summary>
/// Makes a telemt.toml of another server's file: reads it, takes over what has a counterpart, and lets `check` judge the result. What the
/// check refuses is left out and named like what has no counterpart.
/// </summary>
internal static class Importer
{
    /// <summary>Each turn leaves something out; a file has no more mistakes than keys, and nobody reads on after so many.</summary>
    private const int MostTurns = 1000;

    private static readonly string[] NestedTables = ["general", "server", "censorship", "access"];

    /// <param name="path">For messages, and for its ending.</param>
    public static ImportResult Import(string path, byte[] content)
    {
        var notes = new ImportNotes();
        if (path.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
        {
            return Python(path, content, notes);
        }

        TomlTable root;
        try
        {
            root = TomlParser.Parse(content);
        }
        catch (TomlException failure)
        {
            return PythonConfig.Looks(content)
                ? Python(path, content, notes)
                : ImportResult.Failed($"{path}:{failure.Line}:{failure.Column}: {failure.Message}", notes);
        }

        var foreign = new ForeignTable(root, "", notes);
        if (NestedTables.Any(name => root.TryGet(name, out var node) && node is TomlTable))
        {
            return Finish(path, "Telemt's nested form", foreign, notes, TelemtImport.Read);
        }

        return root.TryGet("bind-to", out _) || root.TryGet("secret", out _) || root.TryGet("secrets", out _)
            ? Finish(path, "mtg", foreign, notes, MtgImport.Read)
            : Ours(path, content, notes);
    }

    private static ImportResult Python(string path, byte[] content, ImportNotes notes)
    {
        var text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF');
        return Finish(path, "mtprotoproxy", new ForeignTable(PythonConfig.Parse(text, notes), "", notes), notes, MtprotoproxyImport.Read);
    }

    /// <summary>The flat form is read as it stands, comments included.</summary>
    private static ImportResult Ours(string path, byte[] content, ImportNotes notes)
    {
        var report = Check(content);
        return report.IsValid
            ? new ImportResult("Telemt", Encoding.UTF8.GetString(content), null, notes)
            : ImportResult.Failed($"{path} is of no form that is known here: Telemt's, mtg's, or mtprotoproxy's config.py", notes);
    }

    private static ImportResult Finish(
        string path, string kind, ForeignTable foreign, ImportNotes notes, Action<ForeignTable, ImportedFile, ImportNotes> read)
    {
        var file = new ImportedFile(Path.GetFileName(path));
        read(foreign, file, notes);
        foreign.NoteRest();
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var (text, lines) = file.Write();
            var report = Check(Encoding.UTF8.GetBytes(text));
            if (report.IsValid)
            {
                return new ImportResult(kind, text, null, notes);
            }

            var wrong = report.Errors.FirstOrDefault(error => error.Origin.Line > 0 && lines[error.Origin.Line - 1] is not null);
            if (wrong is null)
            {
                return ImportResult.Failed(string.Join("; ", report.Errors.Select(error => $"{error.Key}: {error.Problem}")), notes);
            }

            LeaveOut(file, lines[wrong.Origin.Line - 1]!.Value, wrong, notes);
        }

        return ImportResult.Failed($"{path} holds too much that is not accepted here", notes);
    }

    private static ConfigurationReport Check(byte[] content) =>
        new SettingsLoader("telemt.toml", ConfigurationOverrides.None, () => HostFacts.None).Read(content);

    /// <summary>A user is nothing without the secret, and a listener or an upstream is nothing without what its table must have.</summary>
    private static void LeaveOut(ImportedFile file, (ImportedTable Table, ImportedKey Key) place, ConfigurationProblem wrong, ImportNotes notes)
    {
        var (table, key) = place;
        if (file.Users.Contains(table) && key.Key is ("secret" or ""))
        {
            file.Remove(table);
            notes.Add(key.Line, $"user {TomlKey.Show(table.Header)} is left out: {wrong.Problem}; {wrong.Cure}");
            return;
        }

        if (key.Key.Length == 0)
        {
            file.Remove(table);
            notes.Add(key.Line, $"{table.Header} is left out: {wrong.Key} {wrong.Problem}; {wrong.Cure}");
            return;
        }

        table.Keys.Remove(key);
        notes.Add(key.Line, $"{wrong.Key} is left out: {wrong.Problem}; {wrong.Cure}");
    }
}

/// <summary>What became of a foreign file.</summary>
/// <param name="Kind">Whose form it has.</param>
/// <param name="Text">The new file, which passes `check`; null when there is none.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record ImportResult(string Kind, string? Text, string? Problem, ImportNotes Notes)
{
    public static ImportResult Failed(string problem, ImportNotes notes) => new("", null, problem, notes);
}
