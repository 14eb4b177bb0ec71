using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemt.Worker.Doctor;

namespace Telemt.Worker.Cli;

/// <summary>The findings for people and for scripts.</summary>
internal static class DoctorReport
{
    private const int NameWidth = 15;
    private const int WordWidth = 9;

    public static void WriteText(TextWriter output, ImmutableArray<Finding> findings)
    {
        var last = "";
        foreach (var finding in findings)
        {
            output.WriteLine($"{(finding.Check == last ? "" : finding.Check).PadRight(NameWidth)}{Word(finding.Level).PadRight(WordWidth)}{finding.Text}");
            if (finding.Cure is { } cure)
            {
                output.WriteLine($"{new string(' ', NameWidth + WordWidth)}-> {cure}");
            }

            last = finding.Check;
        }

        var (errors, warnings) = (Count(FindingLevel.Error), Count(FindingLevel.Warning));
        output.WriteLine();
        output.WriteLine(errors + warnings == 0 ? "All is well." : $"{Some(errors, "error")}, {Some(warnings, "warning")}.");

        int Count(FindingLevel level) => findings.Count(finding => finding.Level == level);

        static string Some(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
    }

    /// <summary>{"exit": 1, "findings": [{"check", "level": "ok|note|warning|error", "text", "cure"}]}; cure is left out where there is none.</summary>
    public static void WriteJson(TextWriter output, ImmutableArray<Finding> findings, int code)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("exit", code);
            writer.WriteStartArray("findings");
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("check", finding.Check);
                writer.WriteString("level", Word(finding.Level));
                writer.WriteString("text", finding.Text);
                if (finding.Cure is { } cure)
                {
                    writer.WriteString("cure", cure);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Good => "ok",
        FindingLevel.Note => "note",
        FindingLevel.Warning => "warning",
        _ => "error",
    };
}
