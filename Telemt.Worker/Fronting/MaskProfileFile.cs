using System.Text.Json;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;

namespace Telemt.Worker.Fronting;

/// <summary>Keeps what was seen in the state folder, so that a start goes on where the last run ended.</summary>
internal static class MaskProfileFile
{
    public const string Name = "mask-profiles.json";

    /// <returns>Null when there is none, or none that can be read; what is wrong with it is in <paramref name="error"/>.</returns>
    public static KeptProfiles? Read(string? state, out string? error)
    {
        error = null;
        if (state is null || !File.Exists(Path.Combine(state, Name)))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(state, Name)), KeptProfilesContext.Default.KeptProfiles);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            error = e.Message;
            return null;
        }
    }

    /// <summary>By a rename, so that the file is a whole one at any time.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Write(string state, IEnumerable<MaskHost> hosts)
    {
        var path = Path.Combine(state, Name);
        try
        {
            Directory.CreateDirectory(state);
            var kept = new KeptProfiles([.. hosts.Select(Keep)]);
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(kept, KeptProfilesContext.Default.KeptProfiles));
            File.Move(path + ".new", path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Puts back what was kept of this host. What does not make sense is left out: the host will be asked anyway.</summary>
    public static void Restore(KeptProfiles kept, MaskHost host)
    {
        var target = host.Target;
        var of = (kept.Hosts ?? []).FirstOrDefault(each => each.Domain == target.Domain && each.Host == target.Host && each.Port == target.Port);
        if (of is null)
        {
            return;
        }

        foreach (var answer in of.Answers ?? [])
        {
            if (Enum.TryParse<HostFlightKind>(answer.Kind, out var kind) && (answer.Sizes ?? []).All(size => size is >= 0 and <= ushort.MaxValue))
            {
                host.Seen.Note(answer.Offer, answer.FirstSuite, FlightOf(answer, kind), answer.Sizes);
            }
        }

        foreach (var delay in (of.Delays ?? []).Where(delay => delay >= 0))
        {
            host.Seen.NoteDelay(delay);
        }

        foreach (var hello in of.Learned ?? [])
        {
            if (ClientHello.TryParse(hello, out var parsed))
            {
                host.Learn(HelloPrint.Of(hello, parsed), hello);
            }
        }

        host.Seen.EndRound();
    }

    private static HostFlight FlightOf(KeptAnswer answer, HostFlightKind kind) => new()
    {
        Kind = kind,
        Alert = answer.Alert,
        Suite = answer.Suite,
        Group = answer.Group,
        Extensions = [.. (answer.Extensions ?? []).Select(extension => new ServerExtension(extension.Type, extension.Content))],
    };

    private static KeptHost Keep(MaskHost host) => new(
        host.Target.Domain,
        host.Target.Host,
        host.Target.Port,
        [.. host.Seen.Delays],
        [.. host.Seen.All.Select(each => Keep(each.Offer, each.Variant))],
        [.. host.Learned.Values]);

    private static KeptAnswer Keep(ulong offer, HostVariant variant) => new(
        offer,
        variant.FirstSuite,
        variant.Flight.Kind.ToString(),
        variant.Flight.Alert,
        variant.Flight.Suite,
        variant.Flight.Group,
        [.. variant.Flight.Extensions.Select(extension => new KeptExtension(extension.Type, extension.Content.ToArray()))],
        [.. variant.Sizes]);
}
