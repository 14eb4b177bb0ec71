using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>A user as the operator wrote it.</summary>
/// <param name="Origin">Place of the name.</param>
internal sealed record UserOptions(string Name, Origin Origin, OptionTable Table);
