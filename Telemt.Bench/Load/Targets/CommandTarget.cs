namespace Telemt.Bench.Load.Targets;

/// <summary>Any other relay or proxy, by a shell command line with {port}, {dcport} and {threads} in it.</summary>
/// <param name="isProxy">Whether clients shall come with MTProto's handshakes, under the secret and domain that `load` prints.</param>
internal sealed class CommandTarget(string name, string line, bool isProxy) : Target
{
    public override string Name => name;

    public override bool IsProxy => isProxy;

    public override TargetCommand Prepare(Place place) =>
        new(["/bin/sh", "-c", "exec " + line
            .Replace("{port}", $"{place.Port}", StringComparison.Ordinal)
            .Replace("{dcport}", $"{place.DcPort}", StringComparison.Ordinal)
            .Replace("{threads}", $"{place.Threads}", StringComparison.Ordinal)]);
}
