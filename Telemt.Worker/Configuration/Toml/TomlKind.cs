namespace Telemt.Worker.Configuration.Toml;

/// <summary>The type of a <see cref="TomlValue"/>, with the .NET type that holds it.</summary>
internal enum TomlKind
{
    /// <summary><see cref="string"/>; line ends inside a multi-line string are LF however the file ends its lines.</summary>
    String,

    /// <summary><see cref="long"/></summary>
    Integer,

    /// <summary><see cref="double"/></summary>
    Float,

    /// <summary><see cref="bool"/></summary>
    Boolean,

    /// <summary><see cref="DateTimeOffset"/>, fractions cut to 100 ns; an offset beyond ±14:00, which that type cannot hold, becomes UTC.</summary>
    OffsetDateTime,

    /// <summary><see cref="DateTime"/> of unspecified kind, fractions cut to 100 ns.</summary>
    LocalDateTime,

    /// <summary><see cref="DateOnly"/></summary>
    LocalDate,

    /// <summary><see cref="TimeOnly"/>, fractions cut to 100 ns.</summary>
    LocalTime,
}
