namespace Telemt.Tests.External.Probing;

/// <summary>Asks the site and us the same at once, several times, and says what differs.</summary>
/// <param name="site">The site's port.</param>
/// <param name="ours">Ours.</param>
/// <param name="spread">By how many bytes answers may differ that were alike directly: signatures of ECDSA in DER have 70 to 72, seldom fewer.</param>
internal sealed class Comparer(int site, int ours, int spread = 0) : IDisposable
{
    /// <summary>What is alike in so many direct answers is no accident, and must be alike in ours.</summary>
    private const int DirectAnswers = 6;

    public const int OurAnswers = 3;

    /// <summary>At once, so that no server is flooded.</summary>
    private readonly SemaphoreSlim _few = new(24);

    /// <returns>Null when nothing tells the two apart.</returns>
    public async Task<string?> DifferenceAsync(Probe probe, CancellationToken cancellation)
    {
        await _few.WaitAsync(cancellation);
        try
        {
            var asked = Enumerable.Range(0, OurAnswers).Select(_ => probe.AskAsync(ours, cancellation)).ToArray();
            var direct = await Task.WhenAll(Enumerable.Range(0, DirectAnswers).Select(_ => probe.AskAsync(site, cancellation)));
            return Difference(direct, await Task.WhenAll(asked), spread);
        }
        finally
        {
            _few.Release();
        }
    }

    public void Dispose() => _few.Dispose();

    public static string? Difference(Answer[] direct, Answer[] ours, int spread)
    {
        if (ours.FirstOrDefault(answer => direct.All(each => each.Outline != answer.Outline)) is { } odd)
        {
            return $"{odd.Shape}; directly {Shapes(direct)}";
        }

        var (shortest, longest) = (direct.Min(answer => answer.Bytes.Length) - spread, direct.Max(answer => answer.Bytes.Length) + spread);
        if (ours.FirstOrDefault(answer => answer.Bytes.Length < shortest || answer.Bytes.Length > longest) is { } far)
        {
            return $"{far.Shape}; directly {Shapes(direct)}";
        }

        return direct.Concat(ours).All(answer => answer.Shape == direct[0].Shape) ? DifferentByte(direct, ours)
            : spread == 0 && direct.All(answer => answer.Shape == direct[0].Shape) ? $"{Shapes(ours)}; directly {direct[0].Shape}"
            : null;
    }

    private static string? DifferentByte(Answer[] direct, Answer[] ours)
    {
        for (var i = 0; i < direct[0].Bytes.Length; i++)
        {
            if (direct.All(answer => answer.Bytes[i] == direct[0].Bytes[i]) && ours.Any(answer => answer.Bytes[i] != direct[0].Bytes[i]))
            {
                return $"byte {i} of {direct[0].Shape}";
            }
        }

        return null;
    }

    private static string Shapes(Answer[] answers) => string.Join(" or ", answers.Select(answer => answer.Shape).Distinct());
}
