using System.Text;
using QRCoder;
using Telemt.Worker.Configuration;
using Telemt.Worker.Links;

namespace Telemt.Worker.Control.Api;

/// <summary>A user's links, with a code for the camera of his phone.</summary>
internal sealed class UserLinks(LastGoodMonitor settings, PublicAddressService addresses)
{
    public LinksDocument? Find(string name)
    {
        var now = settings.CurrentValue;
        if (now.Users.FindByName(name) is not { } user)
        {
            return null;
        }

        var links = LinkList.For(now, addresses.For(now), [user]).ToArray();
        var problem = !user.Enabled ? "the user is disabled"
            : links.Any(link => link.Link.Server == LinkList.Placeholder) ? "the public address is not known: set public_ip, or announce of a listener"
            : null;
        return new LinksDocument(name, [.. links.Select(Document)], problem);
    }

    private static LinkDocument Document(UserLink link)
    {
        var tg = link.Link.ToTg();
        var (path, size) = Draw(tg);
        return new LinkDocument(
            StatusView.Word(link.Mode),
            link.Domain.Length == 0 ? null : link.Domain,
            link.Link.Server,
            link.Link.Port,
            tg,
            link.Link.ToHttps(),
            path,
            size);
    }

    /// <summary>Each run of dark modules is one rectangle of height 1.</summary>
    private static (string Path, int Size) Draw(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                var from = x;
                while (x < rows.Count && rows[y][x])
                {
                    x++;
                }

                if (x > from)
                {
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
                }
            }
        }

        return (path.ToString(), rows.Count);
    }
}
