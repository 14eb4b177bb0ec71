namespace Telemt.Worker.Import;

/// <summary>What the operator should know of an import, in the order of the foreign file's lines. Holds no secret.</summary>
internal sealed class ImportNotes
{
    private readonly List<(int Line, string Text)> _notes = [];

    public int Count => _notes.Count;

    /// <param name="line">Of the foreign file; 0 when the file as a whole is meant.</param>
    public void Add(int line, string text) => _notes.Add((line, text));

    public void NoCounterpart(int line, string key) => Add(line, $"{key} has no counterpart here");

    public IEnumerable<string> Lines(string path) =>
        _notes.OrderBy(note => note.Line).Select(note => note.Line == 0 ? $"{path}: {note.Text}" : $"{path}:{note.Line}: {note.Text}");
}
