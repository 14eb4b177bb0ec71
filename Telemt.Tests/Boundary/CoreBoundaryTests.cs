using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Telemt.Core;

namespace Telemt.Tests.Boundary;

/// <summary>Core decides and moves no bytes: what its assembly refers to shows it, whatever the sources look like.</summary>
internal sealed class CoreBoundaryTests
{
    private static readonly string[] ForbiddenNamespaces =
    [
        "System.IO", "System.Threading.Tasks", "System.Timers", "System.Diagnostics.Metrics", "System.Diagnostics.Tracing", "System.Net.Http",
        "System.Net.NetworkInformation", "System.Net.Security", "Microsoft.Extensions",
    ];

    private static readonly string[] ForbiddenTypes =
    [
        "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.TcpListener", "System.Net.Sockets.UdpClient",
        "System.Net.Sockets.NetworkStream", "System.Net.Dns", "System.Console", "System.Environment", "System.Random",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Threading.Thread", "System.Threading.ThreadPool",
        "System.Threading.Timer", "System.Threading.SynchronizationContext", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
    ];

    [Test]
    public void Core_References_ReachNoInputOutputClockOrRandomness()
    {
        using var file = new PEReader(File.OpenRead(typeof(IRandomSource).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var names = metadata.TypeReferences.Select(handle => Name(metadata, metadata.GetTypeReference(handle))).ToList();

        Assert.That(names, Has.Count.GreaterThan(50), "the metadata was read");
        Assert.That(names.Where(IsForbidden), Is.Empty);
    }

    [Test]
    public void Core_AssemblyReferences_AreThePlatformOnly()
    {
        var references = typeof(IRandomSource).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.That(references.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("DateTime", "get_Now")]
    [TestCase("DateTime", "get_UtcNow")]
    [TestCase("DateTimeOffset", "get_Now")]
    [TestCase("DateTimeOffset", "get_UtcNow")]
    [TestCase("TimeProvider", "get_System")]
    [TestCase("Guid", "NewGuid")]
    public void Core_MemberReferences_NeverReachForTheClockOrChance(string type, string member)
    {
        using var file = new PEReader(File.OpenRead(typeof(IRandomSource).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Where(reference => reference.Parent.Kind == HandleKind.TypeReference && metadata.GetString(reference.Name) == member)
            .Select(reference => metadata.GetTypeReference((TypeReferenceHandle)reference.Parent))
            .Where(parent => metadata.GetString(parent.Name) == type);
        Assert.That(found, Is.Empty);
    }

    private static bool IsForbidden(string name) =>
        ForbiddenTypes.Contains(name) || ForbiddenNamespaces.Any(space => name.StartsWith(space + ".", StringComparison.Ordinal));

    private static string Name(MetadataReader metadata, TypeReference reference) =>
        metadata.GetString(reference.Namespace) + "." + metadata.GetString(reference.Name);
}
