using System.Collections.Immutable;

namespace Telemt.Core.Fronting;

/// <summary>What one answer of ours is to look like: all that ServerHello needs to know beyond the client's hello.</summary>
/// <param name="Suite">One that the client offered.</param>
/// <param name="Group">One that the client sent a key for.</param>
/// <param name="Extensions">In their order; the key of key_share is made anew.</param>
/// <param name="Flight">Payload bytes of the encrypted record.</param>
internal readonly record struct FlightShape(ushort Suite, ushort Group, ImmutableArray<ServerExtension> Extensions, int Flight);
