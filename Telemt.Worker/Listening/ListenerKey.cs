using System.Net;
using Telemt.Core.Settings;

namespace Telemt.Worker.Listening;

/// <summary>What makes two listeners the same one: an edit of anything else leaves its sockets alone.</summary>
internal sealed record ListenerKey(IPAddress? Address, int Port, string? UnixPath, string? Interface)
{
    public static ListenerKey Of(ListenerSettings settings) =>
        new(settings.Address, settings.Port, settings.UnixPath, settings.Interface);

    public override string ToString() => UnixPath ?? new IPEndPoint(Address!, Port).ToString();
}
