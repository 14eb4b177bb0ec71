using System.Globalization;
using System.Text;
using System.Text.Json;
using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Worker.Cli;

/// <summary>What `ping` prints: a table for people, JSON for scripts. Neither shows a secret.</summary>
internal static class PingReport
{
    public static void Write(TextWriter output, LinkReport report)
    {
        output.WriteLine(Title(report.Link));
        output.WriteLine("      dc    connect  handshake     answer");
        foreach (var result in report.Results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Dc,8} {Time(result.Connect),10} {Time(result.Handshake),10} {Time(result.Answer),10}  {result.Problem ?? "ok"}"));
        }
    }

    public static void WriteJson(TextWriter output, IEnumerable<LinkReport> reports)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var (link, results) in reports)
            {
                writer.WriteStartObject();
                writer.WriteString("server", link.Server);
                writer.WriteNumber("port", link.Port);
                writer.WriteString("mode", ModeName(link.Secret.Mode));
                if (link.Secret.Mode == ClientMode.Tls)
                {
                    writer.WriteString("domain", link.Secret.Domain);
                }

                writer.WriteStartArray("dcs");
                foreach (var result in results)
                {
                    WriteResult(writer, result);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    private static void WriteResult(Utf8JsonWriter writer, PingResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber("dc", result.Dc);
        writer.WriteBoolean("ok", result.IsGood);
        WriteTime(writer, "connect_ms", result.Connect);
        WriteTime(writer, "handshake_ms", result.Handshake);
        WriteTime(writer, "answer_ms", result.Answer);
        if (result.Problem is { } problem)
        {
            writer.WriteString("problem", problem);
        }

        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, TimeSpan? time)
    {
        if (time is { } value)
        {
            writer.WriteNumber(name, Math.Round(value.TotalMilliseconds, 2));
        }
    }

    private static string Title(ProxyLink link)
    {
        var server = link.Server.Contains(':') ? $"[{link.Server}]" : link.Server;
        var domain = link.Secret.Mode == ClientMode.Tls ? $" ({Printable(link.Secret.Domain)})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{server}:{link.Port} {ModeName(link.Secret.Mode)}{domain}");
    }

    /// <summary>A link may come from anybody: its domain's bytes must not steer the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => c is > ' ' and <= '~' ? c : '?'));

    private static string ModeName(ClientMode mode) => mode switch
    {
        ClientMode.Classic => "classic",
        ClientMode.Secure => "secure",
        _ => "tls",
    };

    private static string Time(TimeSpan? time) =>
        time is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:F1} ms") : "-";
}
