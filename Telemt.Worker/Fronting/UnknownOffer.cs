namespace Telemt.Worker.Fronting;

/// <param name="Record">The client's whole hello. It stays here: the host is asked with another one like it.</param>
internal sealed record UnknownOffer(string Domain, byte[] Record);
