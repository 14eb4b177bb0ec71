using Telemt.Core.Wire;

namespace Telemt.Worker.Links;

/// <summary>
/// Writes links for a person to copy. They hold secrets, so they go to the output that the operator looks at, never to the log: only
/// those that the operator names are written at all.
/// </summary>
internal sealed class LinkWriter(TextWriter output)
{
    private readonly Lock _lock = new();

    /// <summary>One block, not mixed with another. Any thread may call.</summary>
    public void Write(IEnumerable<UserLink> links)
    {
        lock (_lock)
        {
            foreach (var link in links)
            {
                output.WriteLine(Title(link));
                output.WriteLine("  " + link.Link.ToTg());
                output.WriteLine("  " + link.Link.ToHttps());
            }

            output.Flush();
        }
    }

    public static string Title(UserLink link)
    {
        var way = link.Mode switch
        {
            ClientMode.Classic => "classic",
            ClientMode.Secure => "secure (dd)",
            _ => $"fake TLS (ee), {link.Domain}",
        };
        return $"{link.User}: {way}";
    }
}
