using Telemt.Bench.Load.Targets;

namespace Telemt.Bench.Middle;

/// <summary>Our own build with a way to fake middle proxies; without a list, the direct route with its two cipher passes.</summary>
internal sealed class MiddleTarget(string executable, string? secretFile, string? listFile) : Target
{
    private readonly TelemtTarget _direct = new(executable, fastMode: false);

    public override string Name => listFile is null ? "direct, two passes" : "by middle proxies";

    public override bool IsProxy => true;

    public override TargetCommand Prepare(Place place)
    {
        var command = _direct.Prepare(place);
        if (listFile is not null)
        {
            var file = Path.Combine(place.Folder, "telemt.toml");
            File.WriteAllText(file, $"""
                ad_tag = "00112233445566778899aabbccddeeff"
                middle_proxy.secret_file = "{secretFile}"
                middle_proxy.config_file = "{listFile}"
                middle_proxy.fallback_direct = false

                """ + File.ReadAllText(file));
        }

        return command;
    }
}
