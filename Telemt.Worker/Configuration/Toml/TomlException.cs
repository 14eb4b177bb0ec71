namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// The text is not TOML. <see cref="Exception.Message"/> says what was expected, without the position and without any value's text:
/// what stands unquoted or unclosed in a file of secrets is likely to be one.
/// </summary>
internal sealed class TomlException(TomlPosition position, string message) : FormatException(message)
{
    /// <summary>1-based.</summary>
    public int Line => position.Line;

    /// <summary>1-based, in characters.</summary>
    public int Column => position.Column;
}
