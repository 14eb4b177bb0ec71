namespace Telemt.Worker.Configuration.Editing;

/// <summary>A file that cannot be edited here, with the reason and a cure in its message.</summary>
internal sealed class FileEditException(string message) : IOException(message);
