using System.Security.Cryptography;
using Telemt.Core.Wire;

namespace Telemt.Bench.Load.Targets;

/// <summary>Our own build: `telemt run` with a file of its own.</summary>
/// <param name="users">As many as it knows: the first is whom the load comes as, where it does not say otherwise.</param>
internal sealed class TelemtTarget(string executable, bool fastMode, int users = 1) : Target
{
    public const string Domain = "bench.example.com";
    public const string ExecutableName = "telemt";

    private const string KeyText = "7f3a0c5d19e84b62a0d1c2b3f4e59687";

    /// <summary>The first user's.</summary>
    public static Secret Key { get; } = new(Convert.FromHexString(KeyText));

    public override string Name => (fastMode ? "telemt" : "telemt, fast mode off") + (users > 1 ? $", {users} users" : "");

    public override int Users => users;

    public override bool IsProxy => true;

    public static Secret KeyOf(int user) => user == 0 ? Key : new Secret(SHA256.HashData(BitConverter.GetBytes(user)).AsSpan(0, Secret.Size));

    public override TargetCommand Prepare(Place place)
    {
        var file = Path.Combine(place.Folder, "telemt.toml");
        File.WriteAllText(file, $"""
            port = {place.Port}
            public_ip = "127.0.0.1"
            tls_domain = "{Domain}"
            mask = false
            fast_mode = {(fastMode ? "true" : "false")}

            [modes]
            classic = true
            secure = true
            tls = true

            [users]
            bench = "{KeyText}"
            {string.Join('\n', Enumerable.Range(1, users - 1).Select(user => $"user{user} = \"{Convert.ToHexStringLower(KeyOf(user).Bytes)}\""))}

            [[listeners]]
            ip = "127.0.0.1"

            [dc_overrides]
            2 = "127.0.0.1:{place.DcPort}"

            [limits]
            max_handshakes_per_ip = 100000

            [control]
            enabled = false

            [logging]
            level = "warn"

            """);

        // One loop for each processor that the runtime sees.
        return new TargetCommand(
            [executable, "run", file],
            new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = $"{place.Threads}" });
    }
}
