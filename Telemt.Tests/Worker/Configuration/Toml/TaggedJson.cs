using System.Globalization;
using System.Text.Json;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>Compares a tree with toml-test's tagged JSON: every scalar is an object of exactly "type" and "value".</summary>
internal static class TaggedJson
{
    public static void AssertEqual(JsonElement expected, TomlNode actual, string path = "$")
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            var array = (TomlArray)actual;
            Assert.That(array.Items, Has.Count.EqualTo(expected.GetArrayLength()), path);
            for (var i = 0; i < array.Items.Count; i++)
            {
                AssertEqual(expected[i], array.Items[i], $"{path}[{i}]");
            }
        }
        else if (IsTagged(expected))
        {
            AssertScalar(expected.GetProperty("type").GetString()!, expected.GetProperty("value").GetString()!, (TomlValue)actual, path);
        }
        else
        {
            var table = (TomlTable)actual;
            Assert.That(table.Entries.Select(e => e.Key), Is.EquivalentTo(expected.EnumerateObject().Select(p => p.Name)), path);
            foreach (var property in expected.EnumerateObject())
            {
                Assert.That(table.TryGet(property.Name, out var child), path);
                AssertEqual(property.Value, child!, $"{path}.{property.Name}");
            }
        }
    }

    private static bool IsTagged(JsonElement element)
    {
        return element.EnumerateObject().Count() == 2
            && element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && element.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String;
    }

    private static void AssertScalar(string type, string text, TomlValue actual, string path)
    {
        var culture = CultureInfo.InvariantCulture;
        var (kind, value) = type switch
        {
            "string" => (TomlKind.String, text),
            "integer" => (TomlKind.Integer, long.Parse(text, culture)),
            "float" => (TomlKind.Float, Float(text)),
            "bool" => (TomlKind.Boolean, bool.Parse(text)),
            "datetime" => (TomlKind.OffsetDateTime, DateTimeOffset.Parse(text, culture)),
            "datetime-local" => (TomlKind.LocalDateTime, DateTime.Parse(text, culture)),
            "date-local" => (TomlKind.LocalDate, DateOnly.Parse(text, culture)),
            "time-local" => (TomlKind.LocalTime, (object)TimeOnly.Parse(text, culture)),
            _ => throw new ArgumentException("Unknown tag " + type),
        };
        Assert.That(actual.Kind, Is.EqualTo(kind), path);
        Assert.That(actual.Value, Is.EqualTo(value), path);
        if (actual.Value is DateTimeOffset moment)
        {
            // Two moments are equal whatever their offsets.
            Assert.That(moment.Offset, Is.EqualTo(((DateTimeOffset)value).Offset), path);
        }
    }

    private static double Float(string text)
    {
        return text.TrimStart('+', '-') switch
        {
            "inf" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
    }
}
