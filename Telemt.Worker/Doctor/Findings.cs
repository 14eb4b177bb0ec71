using System.Runtime.InteropServices;

namespace Telemt.Worker.Doctor;

/// <summary>What one check has found so far. Safe for its parallel parts; what comes from them is put in order by the check.</summary>
internal sealed class Findings(string check)
{
    private readonly List<Finding> _all = [];
    private readonly Lock _lock = new();

    public Finding[] ToArray()
    {
        lock (_lock)
        {
            return [.. CollectionsMarshal.AsSpan(_all)];
        }
    }

    public void Good(string text) => Add(FindingLevel.Good, text, null);

    public void Note(string text, string? cure = null) => Add(FindingLevel.Note, text, cure);

    public void Warning(string text, string cure) => Add(FindingLevel.Warning, text, cure);

    public void Error(string text, string cure) => Add(FindingLevel.Error, text, cure);

    private void Add(FindingLevel level, string text, string? cure)
    {
        lock (_lock)
        {
            _all.Add(new Finding(check, level, text, cure));
        }
    }
}
