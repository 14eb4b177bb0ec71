using Telemt.Core;

namespace Telemt.Worker.Sessions;

/// <summary>What one user does now, and has moved since the start.</summary>
internal sealed class UserFigure
{
    private readonly HashSet<ulong> _sources = [];

    public int Sessions { get; private set; }

    /// <summary>Both directions.</summary>
    public long Bytes { get; set; }

    /// <summary>Different addresses with sessions now; IPv6 by /64.</summary>
    public int Addresses => _sources.Count;

    public static UserFigure Of(Dictionary<string, UserFigure> figures, string name)
    {
        if (!figures.TryGetValue(name, out var figure))
        {
            figures.Add(name, figure = new UserFigure());
        }

        return figure;
    }

    public void Add(ClientAddress source, long bytes)
    {
        Sessions++;
        Bytes += bytes;
        _sources.Add(source.SourceKey);
    }
}
