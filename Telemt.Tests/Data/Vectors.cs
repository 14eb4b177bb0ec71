using System.Text.Json;

namespace Telemt.Tests.Data;

/// <summary>Bytes made by independent implementations, copied into the tree as data; each file names its origin.</summary>
internal static class Vectors
{
    /// <param name="name">File name without its ending.</param>
    public static JsonElement Load(string name)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "vectors", name + ".json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    public static byte[] Hex(this JsonElement element, string property) => Convert.FromHexString(element.GetProperty(property).GetString()!);
}
