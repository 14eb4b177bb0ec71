using System.Text.Json;
using Telemt.Tests.Fakes;
using Telemt.Tests.Worker.Links;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;
using Telemt.Worker.Doctor;

namespace Telemt.Tests.EndToEnd.Doctor;

/// <summary>A telemt.toml for the doctor, whose every word leads to loopback, and what it finds.</summary>
internal sealed class DoctorRig : IDisposable
{
    private readonly TempFolder _folder = new();

    public DoctorRig()
    {
        Toml.Set(
            ("port", Ports.Free().ToString()),
            ("listeners", """[{ ip = "127.0.0.1" }]"""),
            ("public_ip", TomlText.Text("127.0.0.1")),
            ("tls_domain", TomlText.Text("localhost")),
            ("mask_host", TomlText.Text("127.0.0.1")),
            ("users.tele", TomlText.Text(ProxyFixture.SecretOf("tele"))),
            ("health.timeout", "2"),
            ("control.enabled", "false"));
    }

    public TomlText Toml { get; } = new();

    public DoctorSurroundings Around { get; set; } = new()
    {
        Lookup = new FakeLookup(),
        Routed = _ => null,
        Clocks = [],
        TimeServers = [],
        Kernel = "/nowhere",
    };

    public string Folder => _folder.Path;

    public int Code { get; private set; }

    public Finding[] Found { get; private set; } = [];

    public string Json { get; private set; } = "";

    public void EveryDc(object address)
    {
        foreach (var dc in (int[])[1, 2, 3, 4, 5, 203])
        {
            Toml[$"dc_overrides.{dc}"] = TomlText.Text(address);
        }
    }

    public string Write(string name, string text) => _folder.Write(name, text);

    public Task RunAsync() => RunAsync(_folder.Write("telemt.toml", Toml.ToString()));

    public async Task RunAsync(string path)
    {
        using var output = new StringWriter();
        var report = SettingsLoader.Load(path, ConfigurationOverrides.None);
        Code = await DoctorCommand.RunAsync(report, Around, json: true, output, CancellationToken.None);
        Json = output.ToString();
        using var document = JsonDocument.Parse(Json);
        Found = [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(Read)];
        Assert.That(document.RootElement.GetProperty("exit").GetInt32(), Is.EqualTo(Code));
    }

    public string[] Of(string check) => [.. Found.Where(finding => finding.Check == check).Select(finding => $"{finding.Level}: {finding.Text}")];

    public void Dispose() => _folder.Dispose();

    private static Finding Read(JsonElement finding) => new(
        finding.GetProperty("check").GetString()!,
        finding.GetProperty("level").GetString() switch { "ok" => FindingLevel.Good, "note" => FindingLevel.Note, "warning" => FindingLevel.Warning, _ => FindingLevel.Error },
        finding.GetProperty("text").GetString()!,
        finding.TryGetProperty("cure", out var cure) ? cure.GetString() : null);
}
