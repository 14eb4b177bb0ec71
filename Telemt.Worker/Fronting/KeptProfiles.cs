using System.Text.Json.Serialization;

namespace Telemt.Worker.Fronting;

/// <summary>What was seen of mask hosts, as it lies in the state folder.</summary>
internal sealed record KeptProfiles(KeptHost[] Hosts);

/// <param name="Delays">Microseconds.</param>
/// <param name="Learned">Hellos after those of clients, without anything that was theirs alone.</param>
internal sealed record KeptHost(string Domain, string Host, int Port, int[] Delays, KeptAnswer[] Answers, byte[][] Learned);

/// <param name="Kind">Name of a HostFlightKind.</param>
internal sealed record KeptAnswer(
    ulong Offer, ushort FirstSuite, string Kind, byte Alert, ushort Suite, ushort Group, KeptExtension[] Extensions, int[] Sizes);

internal sealed record KeptExtension(ushort Type, byte[] Content);

[JsonSerializable(typeof(KeptProfiles))]
internal sealed partial class KeptProfilesContext : JsonSerializerContext;
