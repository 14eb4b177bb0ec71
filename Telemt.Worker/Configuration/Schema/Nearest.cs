namespace Telemt.Worker.Configuration.Schema;

/// <summary>Finds what a mistyped name was meant to be.</summary>
internal static class Nearest
{
    /// <summary>The known name with the fewest slips (a letter missing, added, changed, or two swapped), or null when none is near.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        if (written.Length > 64)
        {
            return null;
        }

        var bound = Math.Max(1, written.Length / 3);
        string? best = null;
        foreach (var name in known)
        {
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bound || (distance == bound && best is null))
            {
                best = name;
                bound = distance;
            }
        }

        return best;
    }

    /// <summary>Edit distance with swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var cells = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                cells[i, j] = Cell(cells, left, right, i, j);
            }
        }

        return cells[left.Length, right.Length];
    }

    private static int Cell(int[,] cells, string left, string right, int i, int j)
    {
        if (i == 0 || j == 0)
        {
            return i + j;
        }

        var change = left[i - 1] == right[j - 1] ? 0 : 1;
        var cost = Math.Min(cells[i - 1, j - 1] + change, Math.Min(cells[i - 1, j], cells[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(cost, cells[i - 2, j - 2] + 1) : cost;
    }
}
