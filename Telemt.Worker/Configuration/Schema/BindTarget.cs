using System.Net;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Where a listener is bound: an address, or the path of a unix socket.</summary>
internal sealed record BindTarget(IPAddress? Address, string? UnixPath)
{
    public override string ToString() => UnixPath ?? Address?.ToString() ?? "";
}
